import { counted } from "../../toolchain/words";
import type { Answers, Probe, Silence, SilenceOf } from "../probe";
import { hasOwnWeb } from "../delivery/asking";
import { json } from "../probe";
import { containerPort } from "./container";

/** Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
export interface Alertmanager {
    readonly version: string;
    readonly activeSilences: number;
    /** How many of its pair it knows, itself included. @default it is in none */
    readonly members?: number;
}

interface Status {
    readonly versionInfo: { readonly version: string };
    readonly cluster: { readonly status: string; readonly peers?: readonly unknown[] };
}

const questions = ["status", "silences", "alerts"];
const requests = Object.fromEntries(questions.map((name) => [name, { path: `/api/v2/${name}` }]));

/** Asks Alertmanager in its container. */
const script = [
    `! ${hasOwnWeb} || { echo @tunnel; exit 0; }`,
    ...questions.map(
        (name) =>
            `echo @${name}; timeout 5 wget -q -O- http://127.0.0.1:${containerPort}/api/v2/${name} 2> /dev/null; echo`,
    ),
].join("\n");

interface Silenced {
    readonly labels: Readonly<Record<string, string>>;
    readonly status: { readonly silencedBy: readonly string[] };
}

function activeSilences({ silences }: Answers): readonly Silence[] {
    const known = json<readonly (Silence & { readonly status: { readonly state: string } })[]>(silences) ?? [];
    return known
        .filter(({ status }) => status.state === "active")
        .map(({ id, createdBy, comment, endsAt }) => ({ id, createdBy, comment, endsAt }));
}

/** Finds the silence of an alert by its labels, to which Prometheus adds the external ones when it sends it. */
function silences(answers: Answers): SilenceOf {
    const active = activeSilences(answers);
    const silenced = (json<readonly Silenced[]>(answers.alerts) ?? []).filter(
        ({ status }) => status.silencedBy.length > 0,
    );
    return (labels) => {
        const alert = silenced.find((each) =>
            Object.entries(labels).every(([name, value]) => each.labels[name] === value),
        );
        return active.find(({ id }) => alert?.status.silencedBy.includes(id)) ?? null;
    };
}

const inPair = (members = 0) =>
    members === 0 ? "" : members === 1 ? ", does not find the other one of its pair" : ", both of its pair are there";

export const alertmanagerProbe: Probe<Alertmanager> = {
    ...{ script, questions: { port: containerPort, requests } },
    read(answers) {
        const status = json<Status>(answers.status);
        if (!status) {
            return answers.silent || "no answer";
        }
        const { versionInfo, cluster } = status;
        return {
            ...{ version: versionInfo.version, activeSilences: activeSilences(answers).length },
            ...(cluster.status !== "disabled" && { members: cluster.peers?.length ?? 1 }),
        };
    },
    lines: ({ version, activeSilences: count, members }) => [
        ["Alertmanager", `${version}, ${counted(count, "active silence")}${inPair(members)}`],
    ],
    silences,
};
