import type { Probe } from "../../components/probe";
import { containerPort, metricsPath } from "./container";

/** What `npm run status -- --json` prints under "counter". */
export interface Count {
    readonly count: number;
    readonly step: number;
}

export const counterProbe: Probe<Count> = {
    script: `echo @metrics; timeout 5 wget -q -O- http://127.0.0.1:${containerPort}${metricsPath}`,
    read({ metrics = "", silent }) {
        const [count, step] = ["counter_total", "counter_step"].map((name) =>
            new RegExp(`^${name} (\\d+)$`, "m").exec(metrics),
        );
        return count && step ? { count: Number(count[1]), step: Number(step[1]) } : silent || "no answer";
    },
    lines: ({ count, step }) => [["Counter", `${count}, in steps of ${step}`]],
};
