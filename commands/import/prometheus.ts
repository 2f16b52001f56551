import type { Node, Scalar } from "yaml";
import { isMap, isScalar, isSeq, Pair, YAMLMap } from "yaml";
import { camelCase } from "../../config/schema/problems";
import { importAlerting } from "./alerting";
import { asInContainer } from "./addresses";
import type { Beside, Converted } from "./converted";
import { add } from "./converted";
import type { AllJobs } from "./jobs";
import { importJobs } from "./jobs";
import type { Note } from "./notes";
import { note } from "./notes";
import { placeholders } from "./placeholders";
import { importRemoteStorage } from "./remoteStorage";
import type { Source } from "./source";
import { keyOf, mapOf, readSource, textOf } from "./source";
import { mountsOf } from "./targetLists";
import type { Schema } from "./words";
import { declare, shapeOf, strange } from "./words";

export interface FromPrometheus extends Converted {
    /** The patterns of rule files, as they stand in the file. */
    readonly ruleFiles: readonly Scalar[];
}

/**
 * Turns a prometheus.yml into a declaration. The file's words stay, with its comments; secrets never do.
 * @param stack the schema of a whole declaration
 */
export function importPrometheus(source: Source, beside: Beside, stack: Schema): FromPrometheus {
    const notes: Note[] = [];
    const declaration = new YAMLMap();
    const ruleFiles: Scalar[] = [];
    const say = (said: Note) => void notes.push(said);
    const jobs: AllJobs = { beside, stack, folders: new Map(), say };
    for (const pair of isMap(source.root) ? source.root.items : []) {
        const word = keyOf(pair);
        if (word === "global") {
            add(declaration, globalSettings(pair, beside, stack, say));
        } else if (word === "rule_files") {
            ruleFiles.push(...scalarsIn(pair, say));
        } else if (word === "scrape_configs") {
            add(declaration, importJobs(pair, jobs));
        } else if (word === "scrape_config_files") {
            jobFiles(pair, jobs).forEach((each) => add(declaration, importJobs(each, jobs)));
        } else if (word === "alerting") {
            add(declaration, importAlerting(pair, beside, stack, say));
        } else if (["remote_write", "remote_read"].includes(word)) {
            add(declaration, importRemoteStorage(pair, beside, stack, say));
        } else {
            add(declaration, anythingElse(pair, beside, stack, say));
        }
    }
    add(declaration, mountsOf(jobs.folders));
    declaration.items.unshift(...intervals(source.root, declaration, say));
    return { declaration, ruleFiles, files: {}, notes };
}

/** The jobs of further files stand beside the others. */
function jobFiles(pair: Pair, { beside, say }: AllJobs): Pair[] {
    return scalarsIn(pair, say).flatMap((pattern) => {
        const name = textOf(pattern) ?? "";
        const found = beside.find(name);
        const words =
            found.length > 0
                ? `the jobs of ${found.map(({ file }) => file).join(", ")} stand beside the others now`
                : `${name} is not at hand, and its jobs are not moved: name the file or its folder too`;
        say(note(found.length > 0 ? "changed" : "decide", pattern, keyOf(pair), words, [keyOf(pair)]));
        return found.flatMap(({ file, text }) => {
            const source = readSource(file, text);
            if ("kind" in source) {
                say(source);
                return [];
            }
            return isMap(source.root) ? source.root.items.filter((each) => keyOf(each) === "scrape_configs") : [];
        });
    });
}

function scalarsIn(pair: Pair, say: (said: Note) => void): Scalar[] {
    if (!isSeq(pair.value)) {
        strange(pair, "list", say);
        return [];
    }
    placeholders(pair).forEach(say);
    return pair.value.items.filter((item): item is Scalar => isScalar(item));
}

/** The keys of `global` stand at the top of a declaration. */
function globalSettings(pair: Pair, { find }: Beside, stack: Schema, say: (said: Note) => void): Pair[] {
    const { value } = pair;
    if (!isMap(value)) {
        strange(pair, "object", say);
        return [];
    }
    const labels = value.get("external_labels", true);
    if (isMap(labels)) {
        labels.items = labels.items.filter((label) => withoutVariables(label, say));
    }
    placeholders(value).forEach(say);
    asInContainer(value, "global", ["global"], say);
    declare(value, stack, { what: "global", find, say });
    value.items.forEach(({ key, value: each }) => say(note("moved", key ?? each, String(key))));
    return value.items as Pair[];
}

/** Prometheus takes variables of its environment in external labels, of which its container has none here. */
function withoutVariables(label: Pair, say: (said: Note) => void): boolean {
    const text = textOf(label.value) ?? "";
    const name = keyOf(label);
    const isVariable = /(^|[^$])\$(\w|\{)/.test(text);
    if (isVariable) {
        const words = `${text} is a variable of Prometheus' environment: write its value into externalLabels.${name}`;
        say(note("decide", label.value, `external label ${name}`, words, [`external label ${name}`]));
    } else if (isScalar(label.value) && text.includes("$$")) {
        label.value.value = text.replaceAll("$$", "$");
    }
    return !isVariable;
}

/** What stands beside the keys above has its own place in a declaration, or none. */
function anythingElse(pair: Pair, { find }: Beside, stack: Schema, say: (said: Note) => void): Pair[] {
    const word = keyOf(pair);
    const map = new YAMLMap();
    map.items = [pair];
    placeholders(map).forEach(say);
    asInContainer(map, word, [word], say);
    declare(map, stack, { what: word, find, say });
    const { keys = {} } = shapeOf(stack);
    const isKnown = Object.hasOwn(keys, camelCase(word));
    map.items.forEach(({ key }) => isKnown && say(note("moved", key, word)));
    return [...(map.items as Pair[]), ...(word === "otlp" ? receiver(pair, stack, say) : [])];
}

/** What says how samples of OpenTelemetry are read says that they are received, too: Prometheus has a flag for that. */
function receiver(pair: Pair, stack: Schema, say: (said: Note) => void): Pair[] {
    const { prometheus } = shapeOf(stack).keys ?? {};
    if (!prometheus || !Object.hasOwn(shapeOf(prometheus).keys ?? {}, "receive")) {
        return [];
    }
    say(note("changed", pair.key, "otlp", "prometheus.receive.otlp is on, in the place of the flag that it needs"));
    return mapOf({ prometheus: mapOf({ receive: mapOf({ otlp: true }) }) }).items;
}

/** Prometheus' own defaults, where they are others than those of a stack. Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#configuration-file */
const standard = { scrapeInterval: "1m", evaluationInterval: "1m" };

function intervals(root: Node, declaration: YAMLMap, say: (said: Note) => void): Pair[] {
    return Object.entries(standard).flatMap(([key, value]) => {
        if (declaration.has(key)) {
            return [];
        }
        const words = `is ${value} where Prometheus is told nothing, and 15s in a stack: it is written out`;
        say(note("changed", root, key, words));
        return [new Pair(key, value) as Pair];
    });
}
