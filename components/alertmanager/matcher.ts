import { z } from "zod";
import { expected, show } from "../../config/schema/problems";
import { regexMistake } from "../../config/schema/re2";

/**
 * Which alerts are meant: a label, an operator and a value, such as `team=~"shop|web"`.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#matcher
 */
export interface Matcher {
    readonly label: string;
    readonly operator: string;
    readonly value: string;
}

const quoted = String.raw`"(?:\\.|[^"\\])*"`;
const bare = String.raw`[^\s{}!=~,\\"'${"`"}]+`;
const form = new RegExp(String.raw`^\s*(${quoted}|${bare})\s*(=~|!~|!=|=)\s*(${quoted}|${bare}|)\s*$`, "u");

const notAMatcher = expected("a matcher", 'one, such as "team=~\\"shop|web\\""');

export const matcherSchema = z.string({ error: notAMatcher }).transform((written, context): Matcher => {
    const [, label = "", operator = "", value = ""] = form.exec(written) ?? [];
    const matcher = { label: unquoted(label), operator, value: unquoted(value) };
    const mistake = operator.endsWith("~") ? regexMistake(matcher.value) : undefined;
    if (matcher.label === "" || mistake !== undefined) {
        const message = mistake === undefined ? notAMatcher({ input: written }) : `${show(written)} ${mistake}`;
        context.addIssue({ code: "custom", message });
    }
    return matcher;
});

/** Matchers as Alertmanager itself writes them: by their labels. */
export const inOrder = (matchers: readonly Matcher[]): string[] =>
    [...matchers]
        .sort((a, b) => compare(a.label, b.label) || compare(a.value, b.value) || compare(a.operator, b.operator))
        .map(written);

const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

function written({ label, operator, value }: Matcher): string {
    const isPlain = !/[\s{}!=~,\\"'`]/u.test(label);
    return `${isPlain ? label : inQuotes(label)}${operator}${inQuotes(value)}`;
}

/** Alerts whose label has a value. */
export const equalTo = (label: string, value: string): Matcher => ({ label, operator: "=", value });

const inQuotes = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;

const unquoted = (text: string) =>
    text.startsWith('"')
        ? text.slice(1, -1).replace(/\\(.)/gs, (_, sign: string) => (sign === "n" ? "\n" : sign))
        : text;
