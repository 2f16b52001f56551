import { declarable } from "../components/parts";
import type { AlertmanagerSettings } from "../components/alertmanager/settings";
import type { GrafanaSettings } from "../components/grafana/settings";
import type { NodeExporterSettings } from "../components/nodeExporter/settings";
import type { PlannedStack } from "../components/planned";
import { planned } from "../components/planned";
import type { PrometheusSettings } from "../components/prometheus/settings";
import type { WebBeSettings } from "../components/webBe/settings";
import { readDeclaration } from "../config/declaration";
import type { Job } from "../config/render/job";
import { isOn, partsOf } from "../config/schema/part";
import type { StackConfig } from "../config/schema/stack";
import { userFiles } from "./userFiles";

/** A declaration with the settings of the parts that are on. */
export interface Declared extends StackConfig {
    readonly prometheus: PrometheusSettings;
    readonly alertmanager?: AlertmanagerSettings;
    readonly nodeExporter?: NodeExporterSettings;
    readonly webBe?: WebBeSettings;
    readonly grafana?: GrafanaSettings;
}

/** The stack "test" on the host "web-1", all of its keys stored encrypted unless some are named. @param files by path */
const surroundings = (encrypted: readonly string[], files: Readonly<Record<string, string>>) => ({
    stack: "test",
    hostName: "web-1",
    encrypted: new Set(encrypted),
    ...userFiles(files),
});

/** Parses a declaration. */
export function parse(
    raw: Record<string, unknown> = {},
    encrypted: readonly string[] = Object.keys(raw),
    files: Readonly<Record<string, string>> = {},
): Declared {
    const { config, settings } = readDeclaration(raw, surroundings(encrypted, files), declarable);
    const on = partsOf(declarable, settings).filter((part) => isOn({ ...config, ...settings }, part));
    return { ...config, ...Object.fromEntries(on.map(({ key }) => [key, settings[key]])) } as unknown as Declared;
}

/** What a declaration comes to. */
export function plan(
    raw: Record<string, unknown> = {},
    files: Readonly<Record<string, string>> = {},
    stack = "test",
): PlannedStack {
    const around = { ...surroundings(Object.keys(raw), files), stack };
    return planned(declarable, readDeclaration(raw, around, declarable), around);
}

/** The job of a part of the stack, e.g. "node_exporter". */
export function ownJob(jobName: string, raw?: Record<string, unknown>): Job {
    const { jobs } = plan({
        alertmanager: { enabled: true, receivers: [{ name: "team", webhook: { url: "http://team" } }] },
        webBe: { enabled: true },
        collector: { enabled: true, exporters: [{ name: "archive", endpoint: "http://archive" }] },
        storage: { tsdb: { outOfOrderTimeWindow: "30m" } },
        ...raw,
    }).published;
    const job = jobs.find((each) => each.jobName === jobName);
    if (job === undefined) {
        throw new Error(`no part publishes ${jobName}`);
    }
    return job;
}

/** The mistakes of a declaration, a line each. @throws if it has none. */
export function mistakes(
    raw: Record<string, unknown>,
    encrypted?: readonly string[],
    files?: Readonly<Record<string, string>>,
): string[] {
    try {
        parse(raw, encrypted, files);
    } catch (error) {
        return (error as Error).message
            .split("\n")
            .slice(1)
            .map((line) => line.trim());
    }
    throw new Error("the declaration was accepted");
}

/** A job with one target, and what else is given. */
export const job = (jobName: string, rest: object = {}, targets = [`${jobName}:8000`]) => ({
    jobName,
    staticConfigs: [{ targets }],
    ...rest,
});
