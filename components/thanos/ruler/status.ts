import { counted } from "../../../toolchain/words";
import type { Answers, Probe } from "../../probe";
import { json } from "../../probe";
import { httpPort } from "../container";

/** Source: https://thanos.io/tip/components/rule.md/ */
export interface Ruler {
    readonly rules: number;
    /** Those whose last evaluation failed, e.g. "orders OrdersStopped", with the reason. */
    readonly failing: readonly string[];
}

/** Asks the ruler in its container. */
const script = `echo @rules; timeout 5 wget -q -O- http://127.0.0.1:${httpPort}/api/v1/rules 2> /dev/null; echo`;

interface Rules {
    readonly data: {
        readonly groups: readonly {
            readonly name: string;
            readonly rules: readonly { readonly name: string; readonly health: string; readonly lastError?: string }[];
        }[];
    };
}

export const rulerProbe: Probe<Ruler> = {
    script,
    read({ rules, silent = "" }: Answers) {
        const said = json<Rules>(rules);
        if (!said) {
            return silent || "no answer";
        }
        const all = said.data.groups.flatMap((group) => group.rules.map((rule) => ({ ...rule, group: group.name })));
        return {
            rules: all.length,
            failing: all
                .filter(({ health }) => health === "err")
                .map(({ group, name, lastError = "" }) => `${group} ${name}: ${lastError}`),
        };
    },
    lines: ({ rules }) => [["Thanos Ruler", `evaluates ${counted(rules, "rule")}`]],
    problems: ({ failing }) => failing.map((rule) => `Thanos Ruler cannot evaluate the rule ${rule}`),
};
