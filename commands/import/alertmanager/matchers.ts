import type { Node, Pair } from "yaml";
import { isMap, isScalar, isSeq, Scalar, YAMLSeq } from "yaml";
import { keyOf, textOf } from "../source";

/**
 * Which alerts are meant, in the ways in which Alertmanager reads it: `match`, `match_re` and `matchers`.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#matcher
 */

/** A label, an operator and a value. */
export interface Matcher {
    readonly label: string;
    readonly operator: string;
    readonly value: string;
}

/**
 * The matchers of a line, of which there may be several, in braces or not.
 * @returns undefined where no Alertmanager reads it
 */
export function matchersIn(line: string): readonly Matcher[] | undefined {
    const inside = line.trim().replace(/^\{([^]*)\}$/, "$1");
    const pieces = inside.match(/(?:"(?:\\.|[^"\\])*"|[^",])+/g) ?? [];
    const matchers = pieces.filter((piece) => piece.trim() !== "").map(matcherIn);
    return matchers.includes(undefined) ? undefined : (matchers as Matcher[]);
}

/** Without quotes a value may have spaces in it, and a name may be in quotes. */
function matcherIn(piece: string): Matcher | undefined {
    const [, label = "", operator = "", value = ""] =
        /^\s*("(?:\\.|[^"\\])*"|[^\s"=!~]+)\s*(=~|!~|!=|=)\s*("(?:\\.|[^"\\])*"|[^"]*?)\s*$/.exec(piece) ?? [];
    return label === "" ? undefined : { label: unquoted(label), operator, value: unquoted(value) };
}

const unquoted = (text: string) =>
    text.startsWith('"')
        ? text.slice(1, -1).replace(/\\(.)/gs, (_, sign: string) => (sign === "n" ? "\n" : sign))
        : text;

export const writtenMatcher = ({ label, operator, value }: Matcher) =>
    `${/[\s{}!=~,\\"'`]/u.test(label) ? quoted(label) : label}${operator}${quoted(value)}`;

const quoted = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;

/** The pairs in which a map says which alerts are meant. */
export interface Meant {
    readonly equal?: Pair | undefined;
    readonly regex?: Pair | undefined;
    readonly matchers?: Pair | undefined;
}

/**
 * All that is meant as one list of matchers, each with its comments. What no Alertmanager reads stays as it is, and is refused
 * with its line.
 */
export function joined({ equal, regex, matchers }: Meant): YAMLSeq {
    const list = new YAMLSeq();
    const all = isSeq(matchers?.value) ? matchers.value : undefined;
    list.items = [
        ...(isMap(equal?.value) ? equal.value.items.map((pair) => fromPair(pair, "=")) : []),
        ...(isMap(regex?.value) ? regex.value.items.map((pair) => fromPair(pair, "=~")) : []),
        ...((all?.items ?? []) as Node[]).flatMap(separated),
    ];
    list.flow = all?.flow;
    list.comment = all?.comment;
    list.commentBefore = all?.commentBefore;
    return list;
}

function fromPair(pair: Pair, operator: string): Node {
    const node = new Scalar(writtenMatcher({ label: keyOf(pair), operator, value: textOf(pair.value) ?? "" }));
    node.commentBefore = (pair.key as Node).commentBefore;
    node.comment = (pair.value as Node | null)?.comment;
    return node;
}

/** A line is one matcher here. */
function separated(node: Node): Node[] {
    const found = isScalar(node) ? matchersIn(textOf(node) ?? "") : undefined;
    const [first, ...others] = found ?? [];
    if (first === undefined || !isScalar(node)) {
        return [node];
    }
    // As it was written, where it can be read as it is.
    const isPlain = others.length === 0 && /^[\w:]+ ?(=~|!~|!=|=) ?("[^"\\]*"|[\w.-]+)$/.test(String(node.value));
    node.value = isPlain ? node.value : writtenMatcher(first);
    return [node, ...others.map((each) => new Scalar(writtenMatcher(each)))];
}
