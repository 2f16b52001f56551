/**
 * What other engines have and RE2 has not: lookaround, conditions, atomic groups and backreferences. The rest of the syntax is
 * promtool's to judge, which a preview asks too.
 * Source: https://github.com/google/re2/wiki/Syntax
 */

/** A piece of an expression: quoted text, an escape, a class, or the beginning of a group. */
const piece =
    /\\Q[^]*?(?:\\E|$)|\\[0-7]{2,3}|\\[^]|\[\^?\]?(?:\[:\^?\w+:\]|\\[^]|[^\]\\])*\]|\(\?(?:<?[=!]|[>(|])|[^]/g;

/** What in an expression RE2 surely refuses, in the words of the fix. @returns undefined where nothing is known to be wrong. */
export function regexMistake(expression: string): string | undefined {
    const pieces = expression.match(piece) ?? [];
    const group = pieces.find((each) => /^\(\?(?:<?[=!]|[>(|])/.test(each));
    if (group !== undefined) {
        return `has "${group}", which RE2 does not know; write it without lookaround, or as a second rule`;
    }
    const reference = pieces.find((each) => /^\\[1-9k]$/.test(each));
    return reference === undefined
        ? undefined
        : `has the backreference "${reference}", which RE2 does not know; write it without, or as a second rule`;
}
