import type { Answers } from "../../commands/status/ask";
import { json } from "../../commands/status/ask";
import type { Alertmanager, Silence } from "../../commands/status/facts";

const questions = ["status", "silences", "alerts"];

/** Asks Alertmanager in its container. */
export const alertmanagerScript = questions
    .map((name) => `echo @${name}; timeout 5 wget -q -O- http://127.0.0.1:9093/api/v2/${name} 2> /dev/null; echo`)
    .join("\n");

interface Silenced {
    readonly labels: Readonly<Record<string, string>>;
    readonly status: { readonly silencedBy: readonly string[] };
}

/** @returns undefined where it does not answer */
export function readAlertmanager(answers: Answers): Alertmanager | undefined {
    const status = json<{ versionInfo: { version: string } }>(answers.status);
    return status && { version: status.versionInfo.version, activeSilences: activeSilences(answers).length };
}

function activeSilences({ silences }: Answers): readonly Silence[] {
    const known = json<readonly (Silence & { readonly status: { readonly state: string } })[]>(silences) ?? [];
    return known
        .filter(({ status }) => status.state === "active")
        .map(({ id, createdBy, comment, endsAt }) => ({ id, createdBy, comment, endsAt }));
}

/** Finds the silence of an alert by its labels, to which Prometheus adds the external ones when it sends it. */
export function silences(answers: Answers): (labels: Readonly<Record<string, string>>) => Silence | null {
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
