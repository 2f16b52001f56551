import { isMap, isScalar, isSeq, Pair, Scalar, YAMLMap } from "yaml";
import { z } from "zod";
import { camelCase } from "../../config/schema/problems";
import type { Beside } from "./converted";
import type { Note } from "./notes";
import { note } from "./notes";
import { placeholders } from "./placeholders";
import { hidden } from "./secrets";
import { keyOf, taken, textOf } from "./source";

/**
 * Turns what a program reads into what is declared. The schema says how: its keys are the program's in camelCase, and where a secret
 * belongs, no file is named.
 */

export type Schema = z.core.$ZodType;

/** What may stand at a place of the declaration. */
interface Shape {
    readonly keys?: Readonly<Record<string, Schema>>;
    /** Of names that are somebody's own. */
    readonly names?: Schema;
    readonly items?: Schema;
    readonly isSecret?: boolean;
    readonly isText?: boolean;
    readonly isToggle?: boolean;
}

const shapes = new WeakMap<Schema, Shape>();

export function shapeOf(schema: Schema): Shape {
    const known = shapes.get(schema) ?? shape(schema);
    shapes.set(schema, known);
    return known;
}

function shape(schema: Schema): Shape {
    if (z.globalRegistry.get(schema)?.secret === true) {
        return { isSecret: true };
    }
    const { def } = (schema as z.core.$ZodTypes)._zod;
    switch (def.type) {
        case "object":
            return { keys: def.shape };
        case "record":
            return { names: def.valueType };
        case "array":
            return { items: def.element };
        case "union":
            return Object.assign({}, ...def.options.map(shapeOf)) as Shape;
        case "optional":
        case "default":
        case "prefault":
            return shapeOf(def.innerType);
        case "pipe":
            return shapeOf(def.in instanceof z.core.$ZodTransform ? def.out : def.in);
        case "string":
        case "enum":
            return { isText: true };
        case "boolean":
            return { isToggle: true };
        default:
            return {};
    }
}

/** What is known of a file whose words are turned. */
export interface Turning extends Pick<Beside, "find"> {
    /** E.g. `job "shop"`. */
    readonly what: string;
    readonly say: (said: Note) => void;
}

/** Turns the words of a node in place; what the schema does not know stays, in camelCase, and is refused later with its line. */
export function declare(node: unknown, schema: Schema | undefined, turning: Turning): void {
    const { keys, names, items } = schema ? shapeOf(schema) : {};
    if (isSeq(node)) {
        node.items = node.items.map((item) => declaredValue(item, items, turning));
    } else if (isMap(node) && names) {
        node.items = node.items.flatMap((pair) => declaredPair(pair, keyOf(pair), names, turning));
    } else if (isMap(node)) {
        withToken(node, keys);
        node.items = node.items.flatMap((pair) => {
            const { key, inFile } = keyIn(keyOf(pair), keys);
            return inFile ? fromFile(pair, key, keys?.[key], turning) : declaredPair(pair, key, keys?.[key], turning);
        });
    }
}

/** `password_file` is where `password` is read from, `files` where `secrets` are. */
export function keyIn(word: string, keys: Shape["keys"] = {}): { key: string; inFile: boolean } {
    const key = camelCase(word);
    if (Object.hasOwn(keys, key)) {
        return { key, inFile: false };
    }
    const inside = key === "files" ? "secrets" : key.replace(/(File|Path)$/, "");
    return Object.hasOwn(keys, inside) ? { key: inside, inFile: true } : { key, inFile: false };
}

/** What Go reads as nothing is left out. */
function declaredPair(pair: Pair, key: string, schema: Schema | undefined, turning: Turning): Pair[] {
    if (isNothing(pair.value) || isUnset(pair.value, schema) || isEmptyList(pair.value, schema)) {
        return [];
    }
    rename(pair, key);
    pair.value = declaredValue(pair.value, schema, turning);
    return [pair];
}

export function rename(pair: Pair, key: string): void {
    if (isScalar(pair.key)) {
        pair.key.value = key;
        delete pair.key.source;
        delete pair.key.type;
    } else {
        pair.key = new Scalar(key);
    }
}

/** A section that is not what its name says is told, and nothing of it moves. */
export function strange(pair: Pair, what: string, say: (said: Note) => void): void {
    const unfilled = placeholders(pair.value);
    const all =
        isNothing(pair.value) || unfilled.length > 0
            ? unfilled
            : [note("lost", pair.key, keyOf(pair), `is no ${what}`)];
    all.forEach(say);
}

export const isNothing = (node: unknown) => node === null || (isScalar(node) && node.value === null);

/** To Go a list without items is none, and so it is where a declaration wants at least one. */
const isEmptyList = (node: unknown, schema: Schema | undefined) =>
    isSeq(node) && node.items.length === 0 && schema !== undefined && !z.core.safeParse(schema, []).success;

const isUnset = (node: unknown, schema: Schema | undefined) =>
    isScalar(node) && schema !== undefined && isGosNothing(node.value, schema);

/** Zero is what a limit is that nobody has set, and so is a time, and a text without letters; a declaration refuses them. */
export function isGosNothing(value: unknown, schema: Schema): boolean {
    const isNone = value === 0 || (typeof value === "string" && /^(0(ms|[smhdwy])?)?$/.test(value));
    return isNone && !z.core.safeParse(schema, value).success;
}

function declaredValue(node: unknown, schema: Schema | undefined, turning: Turning): unknown {
    const { isSecret, isText, isToggle } = schema ? shapeOf(schema) : {};
    if (isSecret) {
        tellWhyRefused(node, schema, turning);
        return hidden(node);
    }
    if (isScalar(node) && isToggle) {
        toggled(node);
    } else if (isScalar(node) && isText && typeof node.value !== "string") {
        // Go reads 1.10 as that where it wants text.
        node.value = node.source ?? String(node.value);
        node.type = Scalar.QUOTE_DOUBLE;
    }
    declare(node, schema, turning);
    return node;
}

/** What stood there is no secret that can be stored: said without showing it. */
function tellWhyRefused(node: unknown, schema: Schema | undefined, { what, say }: Turning): void {
    const read = schema && isScalar(node) ? z.core.safeParse(schema, textOf(node)) : undefined;
    const message = read?.error?.issues[0]?.message;
    if (message !== undefined) {
        say(note("decide", node, `${what}: a secret`, `what stands there ${message}`));
    }
}

/** The words of YAML 1.1, which Go reads: https://yaml.org/type/bool.html */
function toggled(node: Scalar): void {
    const word = typeof node.value === "string" ? node.value : "";
    node.value = /^(y|yes|on)$/i.test(word) ? true : /^(n|no|off)$/i.test(word) ? false : node.value;
}

/** A file that was named: a secret is to be stored, and of anything else the text is taken over. */
function fromFile(pair: Pair, key: string, schema: Schema | undefined, { find, say, what }: Turning): Pair[] {
    const named = isSeq(pair.value) ? pair.value.items.filter(isScalar) : isScalar(pair.value) ? [pair.value] : [];
    const { items, isSecret } = schema ? shapeOf(schema) : {};
    const word = keyOf(pair);
    if (named.length === 0 || isNothing(named[0])) {
        return [];
    }
    rename(pair, key);
    const nameOf = ({ value }: Scalar) => String(value);
    if (isSecret ?? (items && shapeOf(items).isSecret)) {
        const secrets = named.map((each) => hidden(each, nameOf(each)));
        pair.value = isSeq(pair.value) ? Object.assign(pair.value, { items: secrets }) : secrets[0];
        return [pair];
    }
    const [name] = named.map(nameOf);
    const [found] = find(name ?? "");
    if (found === undefined) {
        const words = `${name} is not at hand: write its text into ${key}, or name the folder that holds it, too`;
        say(note("lost", named[0], `${what}: ${word}`, words));
        return [];
    }
    say(note("changed", named[0], `${what}: ${word}`, `the text of ${found.file} stands in ${key}`));
    const text = new Scalar(found.text);
    text.type = Scalar.BLOCK_LITERAL;
    pair.value = text;
    return [pair];
}

/** What `bearer_token` was before `authorization` came. */
function withToken(map: YAMLMap, keys: Shape["keys"] = {}): void {
    if (Object.hasOwn(keys, "authorization")) {
        for (const [word, inside] of [
            ["bearer_token", "credentials"],
            ["bearer_token_file", "credentials_file"],
        ] as const) {
            const pair = taken(map, word);
            if (pair && !isNothing(pair.value)) {
                const authorization = new YAMLMap();
                authorization.add(new Pair(new Scalar(inside), pair.value));
                map.add(new Pair(new Scalar("authorization"), authorization));
            }
        }
    }
}
