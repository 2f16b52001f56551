import type { Document, Node, Pair } from "yaml";
import { isMap, isScalar, isSeq, LineCounter, parse, parseDocument } from "yaml";
import { structured } from "./handedOver";
import { lineOf, nearestOf, show } from "./schema/problems";
import type { Problem } from "./schema/problems";
import { encrypted } from "./schema/secret";
import { nodeAt } from "./schema/yamlNodes";

/** A mistake in a file, and where. */
export interface Mistake {
    /** The file, by its path from the project's folder. @default the stack file */
    readonly file?: string;
    readonly line: number;
    readonly message: string;
}

/** A stack file, read as Pulumi reads it; or one that is written like it, and that stack files extend. */
export interface StackFile {
    /** The declaration without prefixes, as Pulumi hands it over. What is encrypted is `encrypted`. */
    readonly declared: Readonly<Record<string, unknown>>;
    /** The places of what is encrypted. */
    readonly unreadable: readonly Problem["path"][];
    /** What Pulumi would refuse, or pass over without a word. */
    readonly mistakes: readonly Mistake[];
    /** A mistake in the declaration, with the line of the nearest key that is in the file. */
    readonly locate: (problem: Problem) => Mistake;
    /** That line. */
    readonly lineAt: (path: Problem["path"]) => number;
}

/** Source: https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/ */
const topLevel = ["config", "environment", "encryptionsalt", "secretsprovider", "encryptedkey"];
const namespace = "metrics-stack";

/** @param isShared whether stack files extend it: what Pulumi itself reads would have no effect there */
export function readStackFile(text: string, isShared = false): StackFile {
    const lines = new LineCounter();
    // Doubled keys are told below, by their names.
    const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false, uniqueKeys: false });
    const lineAt = (node: unknown) => lines.linePos((node as Node | undefined)?.range?.[0] ?? 0).line || 1;
    const mistakes = document.errors.map(({ pos, message }) => ({
        line: lines.linePos(pos[0]).line,
        message: `is not YAML: ${message}`,
    }));
    const unreadable: Problem["path"][] = [];
    const declared: Record<string, unknown> = {};
    const keys: Record<string, Pair> = {};
    if (mistakes.length === 0) {
        const { pairs, misplaced } = configOf(document, isShared ? ["config"] : topLevel);
        mistakes.push(...misplaced.map(({ node, message }) => ({ line: lineAt(node), message })));
        mistakes.push(
            ...doubledKeys(document.contents).map(({ key, path, first }) => ({
                line: lineAt(key),
                message: `is not YAML: the key ${placeOf(path)} stands there twice, first in line ${lineAt(first)}; write it once`,
            })),
        );
        for (const pair of pairs) {
            const { name, mistake } = nameOf(String(pair.key), isShared);
            const twin = name !== undefined && Object.hasOwn(keys, name) ? keys[name] : undefined;
            const isRespelt = twin !== undefined && String(twin.key) !== String(pair.key);
            const wrong = mistake ?? (isRespelt ? "stands in the file twice; write it once" : undefined);
            if (wrong !== undefined) {
                mistakes.push({ line: lineAt(pair.key), message: `${String(pair.key)}: ${wrong}` });
            } else if (name !== undefined && twin === undefined) {
                keys[name] = pair;
                declared[name] = handedOver((pair.value as Node | null)?.toJS(document), [name], unreadable);
            }
        }
    }
    const lineOfKey = ([first, ...steps]: Problem["path"]) => {
        const pair = keys[String(first)];
        return lineAt(nodeAt(document, { found: pair?.key, inside: pair?.value }, steps));
    };
    return {
        declared,
        unreadable,
        mistakes,
        locate: (problem) => ({ ...(problem.at ?? { line: lineOfKey(problem.path) }), message: lineOf(problem) }),
        lineAt: lineOfKey,
    };
}

interface Doubled {
    readonly key: unknown;
    readonly path: readonly (string | number)[];
    readonly first: unknown;
}

/** The keys that stand twice in one object: YAML forbids it, and so does Pulumi. */
function doubledKeys(node: unknown, path: Doubled["path"] = []): Doubled[] {
    if (isSeq(node)) {
        return node.items.flatMap((item, i) => doubledKeys(item, [...path, i]));
    }
    const seen = new Map<string, unknown>();
    return (isMap(node) ? node.items : []).flatMap(({ key, value }) => {
        const name = String(key);
        const place = [...path, name];
        const first = seen.get(name);
        seen.set(name, first ?? key);
        const isDoubled = first !== undefined && name !== "<<";
        return [...(isDoubled ? [{ key, path: place, first }] : []), ...doubledKeys(value, place)];
    });
}

/** A place in the file as the user finds it: ["config", "metrics-stack:scrapeJobs", 0] is "metrics-stack:scrapeJobs[0]". */
const placeOf = (path: Doubled["path"]) =>
    (path[0] === "config" && path.length > 1 ? path.slice(1) : path).reduce<string>(
        (text, step) => (typeof step === "number" ? `${text}[${step}]` : `${text && `${text}.`}${step}`),
        "",
    );

/** The keys below `config`, and what stands beside it: Pulumi passes over that without a word. */
function configOf(
    document: Document,
    known: readonly string[],
): { pairs: Pair[]; misplaced: { node: unknown; message: string }[] } {
    const { contents } = document;
    if (contents === null || (isScalar(contents) && contents.value === null)) {
        return { pairs: [], misplaced: [] };
    }
    if (!isMap(contents)) {
        return { pairs: [], misplaced: [{ node: contents, message: "is no stack file; write config: and its keys" }] };
    }
    const misplaced = contents.items
        .filter(({ key }) => !known.includes(String(key)))
        .map(({ key }) => {
            const advice = topLevel.includes(String(key)) ? "write it into the stack file" : "write it below config:";
            return { node: key, message: `${String(key)}: is read by nobody here; ${advice}` };
        });
    const config = contents.get("config", true);
    if (config === undefined || (isScalar(config) && config.value === null)) {
        return { pairs: [], misplaced };
    }
    return isMap(config)
        ? { pairs: config.items, misplaced }
        : {
              pairs: [],
              misplaced: [...misplaced, { node: config, message: "config: is no object; write keys below it" }],
          };
}

/**
 * What a key is to the program. Without a namespace it is the project's own, and so it is with "config:" before its name.
 * Source: https://github.com/pulumi/pulumi, sdk/go/common/workspace/loaders.go and sdk/go/common/resource/config/key.go
 */
function nameOf(key: string, isShared = false): { name?: string; mistake?: string } {
    const [, given = namespace, name = ""] = /^(?:([^:]*):(?:config:)?)?([^:]+)$/.exec(key) ?? [];
    if (name === "") {
        return { mistake: `is not a key; write ${namespace}:<key>` };
    }
    if (given === namespace) {
        return { name };
    }
    if (given === "pulumi") {
        return isShared ? { mistake: "is read by Pulumi, in stack files alone; write it there" } : {};
    }
    const isMisspelt = nearestOf(given, [namespace]) !== undefined;
    const advice = isMisspelt
        ? `did you mean ${namespace}:${name}?`
        : given === "docker"
          ? `write ${namespace}:dockerHost`
          : "remove it";
    return { mistake: `${show(given)} is a namespace that nothing here reads; ${advice}` };
}

/**
 * What Pulumi.yaml declares for the stacks that say nothing else: a value, or an object that has it.
 * Source: https://www.pulumi.com/docs/iac/concepts/config/#project-level-configuration
 */
export function projectDefaults(text: string): Record<string, unknown> {
    const { config } = (parse(text) ?? {}) as { config?: Record<string, unknown> };
    return Object.fromEntries(
        Object.entries(config ?? {}).flatMap(([key, declared]) => {
            const { name } = nameOf(key);
            const { type, default: standard, value } = { ...(declared as Record<string, unknown> | null) };
            const isDescribed = [type, standard, value].some((each) => each !== undefined);
            const given = isDescribed ? (value ?? standard) : declared;
            return name === undefined || given === undefined ? [] : [[name, handedOver(given, [name], [])]];
        }),
    );
}

/** Pulumi hands over single values at the top as text. It knows what is encrypted by its only key. */
function handedOver(value: unknown, path: readonly (string | number)[], unreadable: Problem["path"][]): unknown {
    if (typeof value === "object" && value !== null) {
        const entries = Object.entries(value);
        if (entries.length === 1 && typeof (value as { secure?: unknown }).secure === "string") {
            unreadable.push(path);
            return encrypted;
        }
        return Array.isArray(value)
            ? value.map((item, i) => handedOver(item, [...path, i], unreadable))
            : Object.fromEntries(entries.map(([key, item]) => [key, handedOver(item, [...path, key], unreadable)]));
    }
    return path.length > 1 ? value : structured(value === null || value === undefined ? "" : String(value));
}
