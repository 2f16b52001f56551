import { alertmanagerMountPath } from "../../components/alertmanager/files";
import { containerPort } from "../../components/alertmanager/container";
import type { Request } from "../../components/delivery/asking";
import { asked } from "../../components/delivery/asking";
import { json } from "../../components/probe";
import { dockerOutcome, patience } from "../../toolchain/docker";
import { ToolError } from "../../toolchain/process";
import type { Failure, Requests } from "./outcome";
import { failuresIn, requestsIn } from "./outcome";
import type { Labels } from "./routing";

/**
 * What is asked of an Alertmanager, in its container.
 * Source: https://github.com/prometheus/alertmanager/blob/v0.34.1/api/v2/openapi.yaml
 */

/** How long it may take to answer once, in seconds. */
const patienceToAnswer = 10;

const ask = (container: string, ...requests: Request[]) => asked(container, containerPort, requests, patienceToAnswer);

/** @returns the configuration that runs, as text */
export function configurationOf(container: string): string {
    const [status, reason = "it gives no answer"] = answerOrReason(container);
    const original = json<{ config?: { original?: string } }>(status)?.config?.original;
    if (original === undefined) {
        throw new ToolError(
            `There is no Alertmanager to ask in ${container}: ${reason}. Declare alertmanager.enabled: true, run npm run up, and look at npm run status; an agent has none: name the stack that it sends to.`,
        );
    }
    return original;
}

function answerOrReason(container: string): [answer?: string, reason?: string] {
    try {
        return ask(container, { path: "/api/v2/status" }) as [string];
    } catch (error) {
        if (!(error instanceof ToolError)) {
            throw error;
        }
        return [undefined, error.message];
    }
}

/** Whom alerts of these labels reach, by Alertmanager's own tool; those of several, separated by commas. */
export async function reachedBy(container: string, labels: Labels): Promise<string> {
    const file = `--config.file=${alertmanagerMountPath}/current/alertmanager.yml`;
    const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    return (await inContainer(container, "amtool", "config", "routes", "test", file, ...pairs)).trim();
}

/** @param seconds of Alertmanager's clock */
export function post(
    container: string,
    alert: { readonly labels: Labels; readonly annotations: Labels; startsAt: number; endsAt: number },
): void {
    const [startsAt, endsAt] = [alert.startsAt, alert.endsAt].map((time) => new Date(time * 1000).toISOString());
    ask(container, { path: "/api/v2/alerts", method: "POST", json: [{ ...alert, startsAt, endsAt }] });
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
    const time = await inContainer(container, "date", "+%s");
    const [metrics = "", alerts] = ask(container, { path: "/metrics" }, { path: `/api/v2/alerts?filter=${filter}` });
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
