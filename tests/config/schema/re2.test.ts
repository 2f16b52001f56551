import assert from "node:assert/strict";
import type * as re2 from "../../../config/schema/re2";
import { regexMistake } from "../../../config/schema/re2";
import { mistakes } from "../../declaration";

// Each verdict is that of regexp.Compile("^(?s:" + expression + ")$") in Go 1.26.8.

/** Expressions between spaces. */
const each = (text: string) => text.trim().split(/\s+/);

const accepted = [
    ...each(String.raw`
        (.*) a|b| a||b () (?:) (|a) ^* a*? a)(b
        (?i)web-.* (?i:a)(?-i:b) (?ims-U)a (?P<name>a+) (?<name>a+) (?P<n>a)(?P<n>b)
        []a] [^]a] [a-] [\d-z] [[:alpha:]_] [[:^digit:]] [:alpha:] [(?=]
        \pN \PN \p{Greek} \p{^Greek} \P{Lu}+ \z \b\B\A \0 \101 \x41\x{1F600} \_ \Q(?!\E été|😀
        x{2} x{1000} x{,2} x{2 (?:x{100}){10} (((x{10}){10}){10})
    `),
    ...["", "a b", "a\n", "$1", "${"],
    `${"(".repeat(900)}a${")".repeat(900)}`,
    // Large, and too large for the port.
    ...["a{1000}".repeat(100), "(?:aaaaaaaa){1000}".repeat(200)],
];

const refused: [expressions: string[], words: RegExp][] = [
    [
        each(String.raw`( (a (?: (?P<n> \Q(`),
        /^has a "\(" or a "\\\\Q" that does not end; write a "\)" or a "\\\\E" behind/,
    ],
    [each(String.raw`) a) (a))`), /^has a "\)" without a "\("; write it without, or "\\\\\)" for/],
    [each(String.raw`[ [] [a [^]`), /^has a "\[" that does not end; write a "\]" behind it, or "\\\\\[" for/],
    [each(String.raw`\ a\\\ `), /^ends in a backslash; write it without, or "\\\\\\\\" for/],
    [
        each(String.raw`\C \Z \é \E \u0041 \x4 \x{110000} [a-\d]`),
        /^has "\\\\[^"]+" where RE2 does not know it; write it without, or "\\\\\\\\" for/,
    ],
    [
        each(String.raw`\1 (a)\1 \8 (?P<n>a)\k<n>`),
        /^has the backreference "\\[18k]", which RE2 does not know; write it/,
    ],
    [
        each("(?=a) (?!b).* (?<=b)c (?<!b)c (?>a) (?|a|b) (?(1)a)"),
        /^has "\(\?(?:<?[=!]|[>(|])", which RE2 does not know; write it without lookaround, or as a second rule$/,
    ],
    [each("(?i (?i-)a (?iz)a (?P=n) (?P>n) (?#a) (?R)"), /^has "\(\?[^"]+", which begins no group of RE2; write it/],
    [each("(?P<n (?P<>a) (?P<a-b>c) (?<é>c)"), /^has "\(\?P?<[^"]+" without a group's name of letters.*; write one/],
    [each(String.raw`[z-a] [[:letter:]] \pX \p{Greek`), /^has "[^"]+", which is no class of characters; write one/],
    [each("* ** {2} a|* (*) (?i)+"), /^has "[*+{}2]+" with nothing before it to repeat; write what/],
    [each("a** a*?? a++ a?+ x{2}{3}"), /^repeats with "[^"]+" what is a repetition already; write one of both/],
    [
        each("x{1001} x{2,1} x{0,1001} x{99999999999} (?:x{100}){11} ((a{100}){100}){100} (a{1000}){1000}"),
        /^repeats with "\{[\d,]+\}" more than 1000 times in all, or the larger number is first; write one/,
    ],
    [[`${"(".repeat(1001)}a${")".repeat(1001)}`], /^has more than 1000 levels of groups; write it with less$/],
];

/** Go refuses them too, and promtool says so. */
const notRefusedHere = [
    ...each(String.raw`\p{Klingon} (?:a{0,1000}){0,1000} (?P<n>a)(?P<n>b)\8`),
    // Longer than what the port surely reads in a moment.
    `${"x".repeat(5_000)}(`,
];

const named = (expression: string) => JSON.stringify(expression.slice(0, 40));

describe("A regular expression", () => {
    for (const expression of accepted) {
        it(`may be ${named(expression)}`, () => assert.equal(regexMistake(expression), undefined));
    }

    for (const [expressions, words] of refused) {
        for (const expression of expressions) {
            it(`may not be ${named(expression)}`, () => assert.match(regexMistake(expression) ?? "accepted", words));
        }
    }

    for (const expression of notRefusedHere) {
        it(`is promtool's to refuse: ${named(expression)}`, () => assert.equal(regexMistake(expression), undefined));
    }

    it("is read in every key that has one", () => {
        const rule = { action: "labeldrop", regex: "(" };
        const staticConfigs = [{ targets: ["a:1"] }];
        assert.deepEqual(
            mistakes({
                scrapeJobs: [{ jobName: "a", staticConfigs, relabelConfigs: [rule], metricRelabelConfigs: [rule] }],
            }).map((line) => line.split(" has a ")[0]),
            ["metricRelabelConfigs", "relabelConfigs"].map((key) => `metrics-stack:scrapeJobs[0].${key}[0].regex: "("`),
        );
    });

    it("has the port loaded, which nothing else has", () => {
        const port = require.resolve("re2js");
        const file = require.resolve("../../../config/schema/re2");
        delete require.cache[port];
        delete require.cache[file];
        // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import has loaded it already
        const fresh = require(file) as typeof re2;
        assert.ok(!(port in require.cache));
        fresh.regexMistake("a");
        assert.ok(port in require.cache);
    });
});
