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

/** Source: https://thanos.io/tip/components/receive.md/ */
export interface Receive {
    /** How many it keeps whose samples are not in a block yet. */
    readonly series: number;
    /** Of its hash ring, itself among them. */
    readonly members: number;
}

const [series, members] = ["prometheus_tsdb_head_series", "thanos_receive_hashring_nodes"] as const;

/** Asks it in its container. */
const metrics = `echo @metrics; timeout 5 wget -q -O- http://127.0.0.1:${httpPort}/metrics 2> /dev/null | grep -E '^(${series}|${members})[{ ]'`;

export const receiveProbe: Probe<Receive> = {
    script: metrics,
    read({ metrics: said = "", silent = "" }: Answers) {
        // There are no series before somebody has sent one, and some for each tenant.
        const sum = (name: string) =>
            said
                .split("\n")
                .filter((line) => line.startsWith(name))
                .reduce((all, line) => all + Number(line.replace(/^.* /, "")), 0);
        return said.includes(members) ? { series: sum(series), members: sum(members) } : silent || "no answer";
    },
    lines: (said) => [["Thanos Receive", `${said.series} series, one of ${counted(said.members, "member")}`]],
};
