import type { YAMLMap } from "yaml";
import { isMap, isScalar } from "yaml";
import { parts } from "../../components/parts";
import { isOn } from "../../config/schema/part";
import { stackSchema } from "../../config/schema/stack";
import { isOwnHost, splitHostPort } from "../../config/schema/hosts";
import { ToolError } from "../../toolchain/process";
import type { GivenFile } from "./atHand";
import { importAlertmanager } from "./alertmanager";
import { finder } from "./atHand";
import type { Beside, FoundFile } from "./converted";
import { merged } from "./converted";
import type { Kind } from "./kinds";
import { kindOf } from "./kinds";
import type { Note } from "./notes";
import { importPrometheus } from "./prometheus";
import { importRuleFiles } from "./ruleFiles";
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
    const config = theOne(ofKind("prometheus"), "Prometheus");
    const receivers = theOne(ofKind("alertmanager"), "Alertmanager");
    const named = known.filter(({ isNamed }) => isNamed).map(({ source: { file } }) => file);
    const beside = (source: Source | undefined): Beside => ({
        stack,
        find: finder(source?.file ?? "", [], named),
        partAt: partAt(receivers !== undefined),
    });
    const original = (source: Source | undefined): Original | undefined =>
        source && { file: source.file, text: source.text, find: beside(source).find };
    const converted = config && importPrometheus(config, beside(config), stackSchema(parts));
    const alertmanager = receivers && importAlertmanager(receivers, beside(receivers));
    const declaration = merged(converted?.declaration ?? mapOf({}), alertmanager?.declaration ?? mapOf({}));
    const rules = importRuleFiles(
        converted?.ruleFiles ?? [],
        ofKind("rules")
            .filter(({ isNamed }) => isNamed || config === undefined)
            .map(({ source: { file, text } }) => ({ file, text })),
        beside(config),
        jobNames(declaration),
    );
    return {
        declaration: merged(declaration, rules.declaration),
        comment: config?.comment,
        files: { ...alertmanager?.files, ...rules.files },
        rules: rules.originals,
        notes: [
            ...unreadable,
            ...strangers(known),
            ...[converted, alertmanager, rules].flatMap((each) => each?.notes ?? []),
        ],
        prometheus: original(config),
        alertmanager: original(receivers),
    };
}

/** @throws ToolError where nobody knows which one is meant */
function theOne(all: readonly { readonly source: Source }[], title: string): Source | undefined {
    const [first, ...others] = all;
    if (others.length > 0) {
        const files = all.map(({ source: { file } }) => file).join(", ");
        throw new ToolError(
            `There are several configurations of ${title}: ${files}. Name one of them; each is a stack.`,
        );
    }
    return first?.source;
}

const unread: Readonly<Partial<Record<Kind, string>>> = {
    compose: "is not imported yet: docs/migrating.md says what becomes of each line",
    ruleTests: "tests rules; write its path into rules.tests, and into its rule_files where they are now",
};

/** Files that were named, and are nothing that moves. */
function strangers(known: readonly { source: Source; isNamed: boolean; kind: Kind | undefined }[]): Note[] {
    return known.flatMap(({ source: { file }, isNamed, kind }): Note[] => {
        const words =
            kind === undefined
                ? "is no configuration of Prometheus or Alertmanager, no rule file and no list of targets"
                : unread[kind];
        const isSilent = words === undefined || (kind === undefined && !isNamed);
        return isSilent ? [] : [{ kind: kind === undefined ? "lost" : "decide", file, what: "the file", words }];
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

/** Who answers at an address: Prometheus at its own, and an Alertmanager that becomes the stack's own. */
const partAt =
    (hasAlertmanager: boolean): Beside["partAt"] =>
    (address) => {
        const { host, port } = splitHostPort(address);
        const isOf = (name: string) => isOwnHost(host) || host.includes(name);
        return port === ":9090" && (isOwnHost(host) || host === "prometheus")
            ? "prometheus"
            : hasAlertmanager && port === ":9093" && isOf("alertmanager")
              ? "alertmanager"
              : undefined;
    };
