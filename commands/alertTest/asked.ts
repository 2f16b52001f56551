import { alertmanagerMountPath } from "../../components/alertmanager/files";
import { containerPort } from "../../components/alertmanager/container";
import { json } from "../../components/probe";
import { dockerOutcome, patience } from "../../toolchain/docker";
import { ToolError } from "../../toolchain/process";
import { askContainer } from "../status/ask";
import type { Failure, Requests } from "./outcome";
import { failuresIn, requestsIn } from "./outcome";
import type { Labels } from "./routing";

/**
 * What is asked of an Alertmanager, in its container.
 * Source: https://github.com/prometheus/alertmanager/blob/v0.34.1/api/v2/openapi.yaml
 */

const base = `http://127.0.0.1:${containerPort}`;

/** @returns the configuration that runs, as text */
export async function configurationOf(container: string): Promise<string> {
    const { status, silent } = await askContainer(container, `echo @status; wget -q -O- ${base}/api/v2/status`);
    const original = json<{ config?: { original?: string } }>(status)?.config?.original;
    if (original === undefined) {
        const reason = silent || "it gives no answer";
        throw new ToolError(
            `There is no Alertmanager to ask in ${container}: ${reason}. Declare alertmanager.enabled: true, run npm run up, and look at npm run status.`,
        );
    }
    return original;
}

/** Whom alerts of these labels reach, by Alertmanager's own tool; those of several, separated by commas. */
export async function reachedBy(container: string, labels: Labels): Promise<string> {
    const file = `--config.file=${alertmanagerMountPath}/current/alertmanager.yml`;
    const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    return (await inContainer(container, "amtool", "config", "routes", "test", file, ...pairs)).trim();
}

/** @param seconds of Alertmanager's clock */
export async function post(
    container: string,
    alert: { readonly labels: Labels; readonly annotations: Labels; startsAt: number; endsAt: number },
): Promise<void> {
    const [startsAt, endsAt] = [alert.startsAt, alert.endsAt].map((time) => new Date(time * 1000).toISOString());
    const body = JSON.stringify([{ ...alert, startsAt, endsAt }]);
    const header = "Content-Type: application/json";
    await inContainer(container, "wget", "-q", "-O-", "--header", header, "--post-data", body, `${base}/api/v2/alerts`);
}

async function inContainer(container: string, ...command: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await dockerOutcome(["exec", container, ...command], { timeout: patience.look });
    if (status !== 0) {
        throw new ToolError(`${command[0]} in ${container} failed: ${(stderr.trim() || stdout.trim()).slice(-500)}`);
    }
    return stdout;
}

/** How messages to a receiver stand. */
export interface Standing {
    /** Alertmanager's clock, in seconds. */
    readonly time: number;
    readonly requests: Requests;
    readonly failures: readonly Failure[];
    /** What keeps the alert from everybody, e.g. `a silence`. */
    readonly suppressed: readonly string[];
}

/** @param since Alertmanager's clock, in seconds, when the log begins that counts @param test the alert's own label */
export async function standing(container: string, receiver: string, test: string, since?: number): Promise<Standing> {
    const filter = encodeURIComponent(`test="${test}"`);
    const script = [
        "echo @time; date +%s",
        `echo @metrics; wget -q -O- ${base}/metrics`,
        `echo @alerts; wget -q -O- '${base}/api/v2/alerts?filter=${filter}'`,
    ].join("\n");
    const { time = "0", metrics = "", alerts } = await askContainer(container, script);
    const log =
        since === undefined
            ? undefined
            : await dockerOutcome(["logs", "--since", String(since), container], { timeout: patience.look });
    return {
        time: Number(time),
        requests: requestsIn(metrics, receiver),
        failures: failuresIn(`${log?.stdout ?? ""}\n${log?.stderr ?? ""}`, receiver),
        suppressed: suppressions(json(alerts) ?? []),
    };
}

interface Known {
    readonly status: Readonly<Record<"silencedBy" | "inhibitedBy" | "mutedBy", readonly string[]>>;
}

const suppressions = (alerts: readonly Known[]) =>
    alerts.flatMap(({ status: { silencedBy, inhibitedBy, mutedBy } }) => [
        ...silencedBy.map((id) => `the silence ${id}`),
        ...inhibitedBy.map((id) => `the alert ${id}, which inhibits it,`),
        ...mutedBy.map((name) => `the time interval ${name}`),
    ]);
