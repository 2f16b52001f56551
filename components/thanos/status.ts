import { counted } from "../../toolchain/words";
import type { Answers, Probe } from "../probe";
import { json } from "../probe";
import { httpPort } from "./container";

/** Source: https://thanos.io/tip/components/query.md/ */
export interface Query {
    readonly version: string;
    /** Whom it asks for samples. */
    readonly endpoints: readonly {
        readonly name: string;
        /** Why it does not answer, where it does not. */
        readonly error: string | null;
    }[];
}

/** Asks Query in its container. */
const script = ["stores", "status/buildinfo"]
    .map(
        (path) =>
            `echo @${path.replace(/^.*\//, "")}; timeout 5 wget -q -O- http://127.0.0.1:${httpPort}/api/v1/${path} 2> /dev/null; echo`,
    )
    .join("\n");

interface Stores {
    readonly data?: Readonly<Record<string, readonly { readonly name: string; readonly lastError: string | null }[]>>;
}

export const queryProbe: Probe<Query> = {
    script,
    read({ stores, buildinfo, silent = "" }: Answers) {
        const said = json<Stores>(stores);
        if (!said) {
            return silent || "no answer";
        }
        const { data } = json<{ readonly data: { readonly version: string } }>(buildinfo) ?? {};
        return {
            version: data?.version ?? "",
            endpoints: Object.values(said.data ?? {})
                .flat()
                .map(({ name, lastError }) => ({ name, error: lastError })),
        };
    },
    lines: ({ version, endpoints }) => [
        ["Thanos Query", `${version}, asks ${counted(endpoints.length, "endpoint")}`.replace(/^, /, "")],
    ],
    problems: ({ endpoints }) =>
        endpoints.flatMap(({ name, error }) =>
            error === null ? [] : [`Thanos Query does not reach ${name}: ${error}`],
        ),
};
