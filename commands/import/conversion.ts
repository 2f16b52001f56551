import * as path from "node:path";
import type { YAMLMap } from "yaml";
import { isMap, isScalar } from "yaml";
import { singleParts as parts } from "../../components/parts";
import { isOn } from "../../config/schema/part";
import { stackSchema } from "../../config/schema/stack";
import { isOwnHost, splitHostPort } from "../../config/schema/hosts";
import { ToolError } from "../../toolchain/process";
import type { GivenFile } from "./atHand";
import { importAlertmanager } from "./alertmanager";
import { finder } from "./atHand";
import type { FromCompose } from "./compose";
import { importCompose } from "./compose";
import type { Beside, FoundFile } from "./converted";
import { merged } from "./converted";
import type { Kind } from "./kinds";
import { kindOf } from "./kinds";
import type { Note } from "./notes";
import { importPrometheus } from "./prometheus";
import { importRuleFiles } from "./ruleFiles";
import { importRuleTests } from "./ruleTests";
import type { Source } from "./source";
import { mapOf, mapsIn, readSource, textOf } from "./source";

/** What was named to the import, as a stack. */
export interface Conversion {
    readonly declaration: YAMLMap;
    /** What stood above the configuration. */
    readonly comment: string | undefined;
    /** Texts of new files, by their paths from the project's folder. */
    readonly files: Readonly<Record<string, string>>;
    /** The rule files that are taken over, by their paths in the project. */
    readonly rules: Readonly<Record<string, FoundFile>>;
    readonly notes: readonly Note[];
    /** The prometheus.yml. @default none was named */
    readonly prometheus: Original | undefined;
    /** The alertmanager.yml. @default none was named */
    readonly alertmanager: Original | undefined;
}

/** A configuration as it was, which is compared with what becomes of it. */
export interface Original extends FoundFile, Pick<Beside, "find"> {}

/** Turns files into a declaration. Nothing is written. */
export function convert(given: readonly GivenFile[], stack: string): Conversion {
    const read = given.map((each) => ({ ...each, source: readSource(each.file, each.text) }));
    const unreadable = read.flatMap(({ source, isNamed }) => ("kind" in source && isNamed ? [source] : []));
    const known = read.flatMap(({ source, isNamed }) =>
        "kind" in source ? [] : [{ source, isNamed, kind: kindOf(source) }],
    );
    const ofKind = (kind: Kind) => known.filter((each) => each.kind === kind);
    const named = known.filter(({ isNamed }) => isNamed).map(({ source: { file } }) => file);
    const services = importServices(ofKind("compose"), stack, named);
    const config = theOne(ofKind("prometheus"), "prometheus", services);
    const receivers = theOne(ofKind("alertmanager"), "alertmanager", services);
    const beside = (source: Source | undefined, part = "prometheus"): Beside => ({
        stack,
        find: finder(
            source?.file ?? "",
            services.mounts.filter((each) => each.part === part),
            named,
        ),
        partAt: (address) => services.addresses[address] ?? usualPart(address, receivers !== undefined),
    });
    const original = (source: Source | undefined, part: string): Original | undefined =>
        source && { file: source.file, text: source.text, find: beside(source, part).find };
    const converted = config && importPrometheus(config, beside(config), stackSchema(parts));
    const alertmanager = receivers && importAlertmanager(receivers, beside(receivers, "alertmanager"));
    const declaration = [converted, alertmanager, services].reduce(
        (whole, each) => merged(whole, each?.declaration ?? mapOf({})),
        mapOf({}),
    );
    const rules = importRuleFiles(
        converted?.ruleFiles ?? [],
        ofKind("rules")
            .filter(({ isNamed }) => isNamed || config === undefined)
            .map(({ source: { file, text } }) => ({ file, text })),
        beside(config),
        jobNames(declaration),
    );
    const tests = importRuleTests(
        ofKind("ruleTests").map(({ source }) => ({ source, find: finder(source.file, [], named) })),
        rules.originals,
        stack,
        jobNames(declaration),
    );
    return {
        declaration: merged(merged(declaration, rules.declaration), tests.declaration),
        comment: config?.comment,
        files: { ...services.files, ...alertmanager?.files, ...rules.files, ...tests.files },
        rules: rules.originals,
        notes: [
            ...unreadable,
            ...strangers(known),
            ...[services, converted, alertmanager, rules, tests].flatMap((each) => each?.notes ?? []),
        ],
        prometheus: original(config, "prometheus"),
        alertmanager: original(receivers, "alertmanager"),
    };
}

/** A file that could be read. */
interface Known {
    readonly source: Source;
    readonly isNamed: boolean;
}

/** All services, as one. */
function importServices(all: readonly Known[], stack: string, named: readonly string[]): FromCompose {
    const each = all.map(({ source }) =>
        importCompose(source, { stack, find: finder(source.file, [], named), partAt: () => undefined }),
    );
    return {
        declaration: each.reduce((whole, { declaration }) => merged(whole, declaration), mapOf({})),
        files: Object.assign({}, ...each.map(({ files }) => files)) as FromCompose["files"],
        notes: each.flatMap(({ notes }) => notes),
        mounts: each.flatMap(({ mounts }) => mounts),
        configurations: each.flatMap(({ configurations }) => configurations),
        addresses: Object.assign({}, ...each.map(({ addresses }) => addresses)) as FromCompose["addresses"],
    };
}

/**
 * The configuration that was named, or that a service reads, or that there is.
 * @throws ToolError where nobody knows which one is meant
 */
function theOne(all: readonly Known[], part: string, { configurations }: FromCompose): Source | undefined {
    const byName = all.filter(({ isNamed }) => isNamed).map(({ source }) => source);
    const read = configurations.filter((each) => each.part === part).flatMap(({ found }) => sourceOf(found));
    const [meant = []] = [byName, read, all.map(({ source }) => source)].filter((each) => each.length > 0);
    const unique = [...new Map(meant.map((source) => [path.resolve(source.file), source])).values()];
    if (unique.length > 1) {
        const title = parts.find(({ key }) => key === part)?.title;
        const files = unique.map(({ file }) => file).join(", ");
        throw new ToolError(
            `There are several configurations of ${title}: ${files}. Name one of them; each is a stack.`,
        );
    }
    return unique[0];
}

/** @throws ToolError where a service reads what nobody can read */
function sourceOf({ file, text }: FoundFile): Source[] {
    const source = readSource(file, text);
    if ("kind" in source) {
        throw new ToolError(`${file}:${source.line}: ${source.words}`);
    }
    return [source];
}

/** Files that were named, and are nothing that moves. */
function strangers(known: readonly { source: Source; isNamed: boolean; kind: Kind | undefined }[]): Note[] {
    return known.flatMap(({ source: { file }, isNamed, kind }): Note[] => {
        const words =
            "is no configuration of Prometheus or Alertmanager, no rule file, no list of targets and no compose file";
        return kind === undefined && isNamed ? [{ kind: "lost", file, what: "the file", words }] : [];
    });
}

/** The names of all jobs that there will be. */
function jobNames(declaration: YAMLMap): string[] {
    const declared = mapsIn(declaration.get("scrapeJobs", true)).map((job) => textOf(job.get("jobName", true)) ?? "");
    const own = parts.filter((part) => isOn({ [part.key]: enabledIn(declaration, part.key) }, part));
    return [...declared, ...own.flatMap(({ jobName }) => jobName ?? [])];
}

function enabledIn(declaration: YAMLMap, key: string): { enabled?: boolean } {
    const settings = declaration.get(key, true);
    const enabled = isMap(settings) ? settings.get("enabled", true) : undefined;
    return isScalar(enabled) ? { enabled: enabled.value === true } : {};
}

/** Who answers at an address that no service has: Prometheus at its own, and an Alertmanager that becomes the stack's own. */
function usualPart(address: string, hasAlertmanager: boolean): string | undefined {
    const { host, port } = splitHostPort(address);
    const isOf = (name: string) => isOwnHost(host) || host.includes(name);
    return port === ":9090" && (isOwnHost(host) || host === "prometheus")
        ? "prometheus"
        : hasAlertmanager && port === ":9093" && isOf("alertmanager")
          ? "alertmanager"
          : undefined;
}
