import type { Note } from "../notes";
import type { Understood } from "./canonical";

/** What is another one in the stack than in the files that were imported. */
export interface Difference {
    readonly what: string;
    /** @default it is not there */
    readonly before: string | undefined;
    /** @default it is not there */
    readonly after: string | undefined;
    /** Why. @default nobody knows: it must not be */
    readonly reason: string | undefined;
}

/** What the notes do not explain, because it is nothing that was imported: by the beginning of its name. */
export type Reasons = readonly { readonly what: string; readonly words: string }[];

export function differences(
    before: Understood,
    after: Understood,
    notes: readonly Note[],
    others: Reasons,
): Difference[] {
    const told = notes.flatMap(({ differs = [], words = "" }) => differs.map((what) => ({ what, words })));
    return [...new Set([...before.keys(), ...after.keys()])].flatMap((what) => {
        const [old, present] = [before, after].map((each) => (each.has(what) ? shown(each.get(what)) : undefined));
        const reason = reasonOf(what, told) ?? reasonOf(what, others);
        return old === present ? [] : [{ what, before: old, after: present, reason }];
    });
}

function reasonOf(what: string, reasons: Reasons): string | undefined {
    const words = reasons.flatMap((each) =>
        what === each.what || [": ", " "].some((end) => what.startsWith(each.what + end)) ? [each.words] : [],
    );
    return words.length > 0 ? [...new Set(words)].join("; ") : undefined;
}

const shown = (value: unknown) => (value === true ? "there" : JSON.stringify(value));

/** The differences for people, those of one reason together; of a thing that is or is not there, not what is in it. */
export function told(all: readonly Difference[]): string[] {
    const whole = all
        .filter(({ before, after }) => before === undefined || after === undefined)
        .map(({ what }) => what);
    const shownOnes = all.filter(({ what }) => !whole.some((each) => what.startsWith(`${each}: `)));
    const reasons = [...new Set(shownOnes.map(({ reason }) => reason))];
    return reasons.map((reason) => {
        const changes = shownOnes.filter((each) => each.reason === reason).map(change);
        return `${changes.join(", ")}: ${reason ?? "nobody knows why; compare it yourself"}`;
    });
}

function change({ what, before, after }: Difference): string {
    return before === undefined
        ? `${what} is new`
        : after === undefined
          ? `${what} is not there any more`
          : `${what} was ${short(before)}, is ${short(after)}`;
}

const short = (text: string) => (text.length > 100 ? `${text.slice(0, 97)}...` : text);
