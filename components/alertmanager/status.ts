import { counted } from "../../toolchain/words";
import type { Answers, Probe, Silence, SilenceOf } from "../probe";
import { json } from "../probe";

/** Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
export interface Alertmanager {
    readonly version: string;
    readonly activeSilences: number;
}

const questions = ["status", "silences", "alerts"];

/** Asks Alertmanager in its container. */
const script = questions
    .map((name) => `echo @${name}; timeout 5 wget -q -O- http://127.0.0.1:9093/api/v2/${name} 2> /dev/null; echo`)
    .join("\n");

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

export const alertmanagerProbe: Probe<Alertmanager> = {
    script,
    read(answers) {
        const status = json<{ versionInfo: { version: string } }>(answers.status);
        return status
            ? { version: status.versionInfo.version, activeSilences: activeSilences(answers).length }
            : answers.silent || "no answer";
    },
    lines: ({ version, activeSilences: count }) => [
        ["Alertmanager", `${version}, ${counted(count, "active silence")}`],
    ],
    silences,
};
