/**
 * Text in which `$1` and `${name}` stand for groups of a match, as Go reads it.
 * Source: https://pkg.go.dev/regexp#Regexp.Expand
 */

/** A `$$`, or a group by its number or name: as many letters, digits and _ as there are. Any other `$` is one. */
const reference = /\$(?:(\$)|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;

/** @param group gives what a group matched, by its number or name */
export const expanded = (template: string, group: (name: string) => string): string =>
    template.replace(reference, (_, dollar?: string, braced?: string, bare?: string) =>
        dollar === undefined ? group(braced ?? bare ?? "") : "$",
    );

/** A template that stands for a text as it is. */
export const asTemplate = (text: string) => text.replaceAll("$", "$$$$");

/**
 * What is wrong with a template, in the words of the fix: a group that is not there is read as nothing, without a word.
 * @param groups the numbers and names of those of the regular expression, "0" for the whole match
 */
export function templateMistake(template: string, groups: ReadonlySet<string>): string | undefined {
    const backslash = /\\([1-9])/.exec(template);
    if (backslash) {
        return `has "\\\\${backslash[1]}", which is no group to RE2; write "\${${backslash[1]}}"`;
    }
    const named = [...template.matchAll(reference)].flatMap(([written, , braced, bare]) => {
        const name = braced ?? bare;
        return name === undefined || groups.has(name) ? [] : [{ written, name }];
    });
    const [first] = named;
    return (
        first &&
        `names the group "${first.name}", which regex does not have, and nothing is written for it; ${advice(first, groups)}`
    );
}

function advice({ written, name }: { written: string; name: string }, groups: ReadonlySet<string>): string {
    const [, number = "", rest = ""] = /^(\d+)(\D.*)$/u.exec(name) ?? [];
    if (groups.has(number) && !written.startsWith("${")) {
        return `write "\${${number}}${rest}"`;
    }
    const known = [...groups].filter((group) => group !== "0").map((group) => `"\${${group}}"`);
    const other = known.length > 0 ? `write ${known.join(" or ")}` : "put what to keep into brackets, such as (.*)";
    return `${other}, or "$$${name}" for the letters themselves`;
}
