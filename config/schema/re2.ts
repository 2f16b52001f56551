import type * as re2js from "re2js";
import { show } from "./problems";

/**
 * What Prometheus refuses of a regular expression, which it reads with Go's RE2.
 * Source of the syntax: https://github.com/google/re2/wiki/Syntax
 */

/** The port reads this much in less than a second, whatever it is; longer ones are promtool's to judge. */
const longestRead = 5_000;

/** What is wrong in an expression, and what to write instead. @returns undefined where nothing is known to be wrong. */
export function regexMistake(expression: string): string | undefined {
    if (expression.length > longestRead) {
        return undefined;
    }
    // Source: https://github.com/prometheus/prometheus/blob/v3.13.5/model/relabel/relabel.go (NewRegexp)
    const refusal = refusalOf(`^(?s:${expression})$`);
    if (refusal === undefined || isDisputed(refusal)) {
        return undefined;
    }
    // Read alone, it is told by the user's own letters.
    const { error, input } = refusalOf(expression) ?? refusal;
    return adviceOn(error, input ?? "");
}

/** Those that are compiled: more takes the port seconds. */
const isCompiled = (expression: string) => expression.length <= 1_000 && !/\{\d{3}/.test(expression);

/** A regular expression that is matched as Prometheus does: against the whole of a text. */
export interface Anchored {
    /** The numbers and names of its groups, "0" for the whole match. */
    readonly groups: ReadonlySet<string>;
    /** @returns gives what each group matched; undefined where the text does not match */
    match(text: string): ((group: string) => string) | undefined;
}

/** What a rule has that says nothing else. */
const everything: Anchored = {
    groups: new Set(["0", "1"]),
    match: (text) => (group) => (group === "0" || group === "1" ? text : ""),
};

/** @returns undefined for one that Prometheus refuses, or that is promtool's to judge */
export function anchored(expression: string): Anchored | undefined {
    if (expression === "(.*)") {
        return everything;
    }
    const whole = `^(?s:${expression})$`;
    if (!isCompiled(expression) || refusalOf(whole) !== undefined) {
        return undefined;
    }
    const pattern = port().RE2JS.compile(whole);
    const names = pattern.namedGroups();
    const numbers = Array.from({ length: pattern.groupCount() + 1 }, (_, i) => String(i));
    const groups = new Set([...numbers, ...Object.keys(names)]);
    return {
        groups,
        match(text) {
            const matcher = pattern.matcher(text);
            return matcher.matches()
                ? (group) => (groups.has(group) ? (matcher.group(names[group] ?? Number(group)) ?? "") : "")
                : undefined;
        },
    };
}

/** Loaded when an expression is read: a stack without any does not wait for it. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it always
const port = () => require("re2js") as typeof re2js;

/** How the port refuses an expression. @returns undefined where it does not. */
function refusalOf(expression: string): re2js.RE2JSSyntaxException | undefined {
    const { RE2JSSyntaxException, RE2Set } = port();
    try {
        new RE2Set().add(expression); // A set compiles nothing before it is asked: seconds, with "a{1000}" a hundred times.
        return undefined;
    } catch (error) {
        if (error instanceof RE2JSSyntaxException) {
            return error;
        }
        throw error;
    }
}

/**
 * True where Go may accept what the port refuses: Go lets two groups have one name and allows more than twice as large an
 * expression, and the classes of Unicode that it knows by name are others in each version. They are promtool's to judge.
 */
const isDisputed = ({ error, input }: re2js.RE2JSSyntaxException) =>
    error === "duplicate capture group name" ||
    error === "expression too large" ||
    (error === "invalid character class range" && /^\\[pP]\{[^}]*\}$/.test(input ?? ""));

/** @param piece what of the expression it is about */
function adviceOn(error: string, piece: string): string {
    const group = /^\(\?(?:<?[=!]|[>(|])/.exec(piece)?.[0];
    if (group !== undefined) {
        return `has "${group}", which RE2 does not know; write it without lookaround, or as a second rule`;
    }
    if (/^\\[1-9k]$/.test(piece)) {
        return `has the backreference "${piece}", which RE2 does not know; write it without, or as a second rule`;
    }
    return advice[error]?.(show(piece)) ?? `is refused by RE2: ${error}; write it without`;
}

/** By RE2's own words. Backslashes are told as they are written in quotes. */
const advice: Readonly<Record<string, (piece: string) => string>> = {
    "missing closing )": () =>
        'has a "(" or a "\\\\Q" that does not end; write a ")" or a "\\\\E" behind it, or "\\\\(" for the character',
    "unexpected )": () => 'has a ")" without a "("; write it without, or "\\\\)" for the character',
    "missing closing ]": () => 'has a "[" that does not end; write a "]" behind it, or "\\\\[" for the character',
    "trailing backslash at end of expression": () =>
        'ends in a backslash; write it without, or "\\\\\\\\" for the character',
    "invalid escape sequence": (piece) =>
        `has ${piece} where RE2 does not know it; write it without, or "\\\\\\\\" for a backslash`,
    "invalid or unsupported Perl syntax": (piece) => `has ${piece}, which begins no group of RE2; write it without`,
    "invalid character class range": (piece) =>
        `has ${piece}, which is no class of characters; write one, such as "[a-z]" or "\\\\pL"`,
    "missing argument to repetition operator": (piece) =>
        `has ${piece} with nothing before it to repeat; write what, or a backslash before it for the character`,
    "invalid nested repetition operator": (piece) =>
        `repeats with ${piece} what is a repetition already; write one of both, or a group, such as "(?:a*)+"`,
    "invalid repeat count": (piece) =>
        `repeats with ${piece} more than 1000 times in all, or the larger number is first; write one such as "{1,1000}"`,
    "invalid named capture": (piece) =>
        `has ${piece} without a group's name of letters, digits and _; write one, such as "(?P<name>.*)"`,
    "expression nests too deeply": () => "has more than 1000 levels of groups; write it with less",
};
