import type { Paint } from "../toolchain/table";
import type { Request } from "./delivery/asking";

/** What a script said, by the names of its parts: a line "@name" begins each. "silent" is why somebody does not answer. */
export type Answers = Readonly<Record<string, string>>;

/** Finds the silence of an alert by its labels. */
export type SilenceOf = (labels: Readonly<Record<string, string>>) => Silence | null;

export interface Silence {
    readonly id: string;
    readonly createdBy: string;
    readonly comment: string;
    readonly endsAt: string;
}

/** How `npm run status` asks a part from inside of its container, and what it makes of the answers. */
export interface Probe<Facts = unknown> {
    /** Prints a line "@name" and an answer for each question. */
    readonly script: string;
    /** @default "sh" */
    readonly shell?: string;
    /**
     * Its questions to the program, by their names, for one that has a certificate or users of its own: then the script asks none of
     * them, and says "@tunnel". @default the script asks all, always
     */
    readonly questions?: { readonly port: number; readonly requests: Readonly<Record<string, Request>> };
    /**
     * What `npm run status -- --json` prints under the part's key.
     * @param now milliseconds
     * @returns in words why it does not answer, where it does not
     */
    read(answers: Answers, now: number, silenceOf: SilenceOf): Facts | string;
    /** Its tables on the screen. @default none */
    tables?(facts: Facts, now: number, paint: Paint): readonly (readonly string[])[];
    /** Its lines on the screen: a name and a text each. */
    lines(facts: Facts, now: number): readonly (readonly string[])[];
    /** Its columns where a stack has one line among many: their heads, and the texts below them. @default none */
    readonly brief?: { readonly head: readonly string[]; cells(facts: Facts): readonly string[] };
    /** What is wrong, a sentence each. @default nothing */
    problems?(facts: Facts): readonly string[];
    /** For who silences alerts. */
    silences?(answers: Answers): SilenceOf;
}

/** Reads JSON that may have been cut off. */
export function json<Content>(text: string | undefined): Content | undefined {
    try {
        return JSON.parse(text ?? "") as Content;
    } catch {
        return undefined;
    }
}
