import type { Alias, Node } from "yaml";
import {
    Document,
    isAlias,
    isMap,
    isNode,
    isScalar,
    isSeq,
    LineCounter,
    Pair,
    parseAllDocuments,
    Scalar,
    visit,
    YAMLMap,
    YAMLSeq,
} from "yaml";
import type { Note } from "./notes";
import { remember } from "./places";

/** A YAML file that is imported. Its nodes are moved, comments and all, and know where they come from. */
export interface Source {
    /** Its path, as it was given or found. */
    readonly file: string;
    readonly text: string;
    /** What it holds, without aliases and merge keys. */
    readonly root: Node;
    /** What stands above all of it. */
    readonly comment: string | undefined;
}

/** Reads the one document of a file, as Go does: a key that stands twice is a mistake, and what follows `---` is not read. */
export function readSource(file: string, text: string): Source | Note {
    const lines = new LineCounter();
    const [document, ...others] = parseAllDocuments(text, {
        lineCounter: lines,
        prettyErrors: false,
    }) as Document.Parsed[];
    const lineAt = (offset: number) => lines.linePos(offset).line || 1;
    const [error] = document?.errors ?? [];
    const further = others.find(({ contents }) => contents && !(isScalar(contents) && contents.value === null));
    if (error || further) {
        const words = error
            ? `is no YAML that a program reads: ${error.message}`
            : "begins a second document, which no program reads; remove it";
        return {
            kind: "lost",
            file,
            line: lineAt(error?.pos[0] ?? further?.contents?.range[0] ?? 0),
            what: "the file",
            words,
        };
    }
    if (!document?.contents) {
        return { kind: "lost", file, what: "the file", words: "is empty" };
    }
    const [unknown] = unknownAliases(document);
    if (unknown) {
        const words = `is no YAML that a program reads: nothing has the anchor that *${unknown.source} names; text that begins with * stands in quotes`;
        return { kind: "lost", file, line: lineAt(unknown.range?.[0] ?? 0), what: "the file", words };
    }
    withoutAliases(document);
    visit(document, { Node: (_, node) => void remember(node, { file, line: lineAt(node.range?.[0] ?? 0) }) });
    return { file, text, root: document.contents, comment: document.commentBefore ?? undefined };
}

function unknownAliases(document: Document): Alias[] {
    const found: Alias[] = [];
    visit(document, { Alias: (_, alias) => void (alias.resolve(document) || found.push(alias)) });
    return found;
}

/** Whoever moves a part of a file would leave the anchors behind that it names. */
function withoutAliases(document: Document): void {
    visit(document, {
        Alias: (_, alias) => alias.resolve(document)?.clone() as Node | undefined,
        Map: (_, map) => void (map.items = map.items.flatMap((pair) => merged(document, map, pair))),
    });
    visit(document, { Node: (_, node) => void (isAlias(node) || delete node.anchor) });
}

/** The pairs that a merge key stands for: those that the map has not itself. Source: https://yaml.org/type/merge.html */
function merged(document: Document, map: YAMLMap, pair: Pair): Pair[] {
    if (keyOf(pair) !== "<<") {
        return [pair];
    }
    const value = isAlias(pair.value) ? pair.value.resolve(document) : pair.value;
    const maps = (isSeq(value) ? value.items : [value]).map((each) => (isAlias(each) ? each.resolve(document) : each));
    const taken = new Set(map.items.map(keyOf));
    return maps
        .filter(isMap)
        .flatMap((each) => (each.clone() as YAMLMap).items.flatMap((inner) => merged(document, each, inner)))
        .filter((inner) => !taken.has(keyOf(inner)) && taken.add(keyOf(inner)));
}

/** A pair's key as text. */
export const keyOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key);

/** A node as plain data. */
export const valueOf = (node: unknown): unknown =>
    isMap(node)
        ? Object.fromEntries(node.items.map((pair) => [keyOf(pair), valueOf(pair.value)]))
        : isSeq(node)
          ? node.items.map(valueOf)
          : isScalar(node)
            ? node.value
            : node;

/** What Go reads where it wants text: 1.10 is that. @returns undefined for what is no scalar, or nothing */
export const textOf = (node: unknown): string | undefined =>
    isScalar(node) && node.value !== null
        ? typeof node.value === "string"
            ? node.value
            : (node.source ?? String(node.value))
        : undefined;

/** A node as data as Go reads it: of a scalar its text, which is what it becomes where text is wanted. */
export const textsOf = (node: unknown): unknown =>
    isMap(node)
        ? Object.fromEntries(node.items.map((pair) => [keyOf(pair), textsOf(pair.value)]))
        : isSeq(node)
          ? node.items.map(textsOf)
          : isScalar(node)
            ? textOf(node)
            : node;

/** A map's pair, taken out of it. */
export function taken(map: YAMLMap, key: string): Pair | undefined {
    const pair = map.items.find((each) => keyOf(each) === key);
    map.items = map.items.filter((each) => each !== pair);
    return pair;
}

/** A list of nodes. */
export function listOf(nodes: readonly Node[]): YAMLSeq<Node> {
    const list = new YAMLSeq<Node>();
    list.items.push(...nodes);
    return list;
}

/** A map of keys with nodes or plain values. */
export function mapOf(entries: Readonly<Record<string, unknown>>): YAMLMap {
    const map = new YAMLMap();
    for (const [key, value] of Object.entries(entries).filter(([, each]) => each !== undefined)) {
        map.add(new Pair(new Scalar(key), isNode(value) ? value : new Document(value).contents));
    }
    return map;
}

/** The maps in a list; none where it is something else. */
export const mapsIn = (node: unknown): YAMLMap[] => (isSeq(node) ? node.items.filter((item) => isMap(item)) : []);
