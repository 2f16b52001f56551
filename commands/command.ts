/** What an operator runs: `npm run <name>`. Each is one of commands.ts' list, in a file or folder of its own. */
export interface Command {
    readonly name: string;
    /** What it does, a line in the list of all commands. */
    readonly summary: string;
    /** What else its own help says of it. @default nothing */
    readonly about?: string;
    /** What it takes beside options. @default nothing */
    readonly operand?: Operand;
    /** What it takes beside `--help`. */
    readonly options: readonly Option[];
    /** Whose all other arguments are, which are handed on as they are. @default it refuses them */
    readonly handsOn?: Recipient;
    /** How it is run for several stacks at a time. @default it takes one */
    readonly fleet?: Fleet;
    /** Whole command lines; the first one shows how it is run at all. */
    readonly examples: readonly [string, ...string[]];
    /** @returns the exit status */
    run(given: Given): Promise<number>;
}

/** What is known of a command that is run for several stacks, each in a process of its own. */
export interface Fleet {
    /** Whether it runs Pulumi, which all of them need then. @default false */
    readonly needsPulumi?: boolean;
    /** The words for its exit statuses, the better ones first; with any other one it failed. @default 0 is "done" */
    readonly outcomes?: readonly (readonly [status: number, words: string])[];
    /** What it is given beside the arguments that were typed. @default nothing */
    readonly args?: readonly string[];
    /** The option whose value names a file or a folder that each stack needs one of, or "operand". @default it writes none */
    readonly perStack?: string;
    /** What is worth knowing of what it said, in a line. @param output what it printed, where that is JSON @default nothing */
    readonly said?: (text: string, output: unknown) => string;
    /** Further columns of the table. @default none */
    readonly columns?: { readonly head: readonly string[]; readonly cells: (output: unknown) => readonly string[] };
}

export interface Operand {
    /** As its help calls it, e.g. "FILE". */
    readonly name: string;
    readonly meaning: string;
    /** What counts where there is none, in words. @default it has to be there */
    readonly default?: string;
    /** Whether there may be more than one. @default false */
    readonly several?: boolean;
}

/** An option as a command line has it. */
export interface Spelling {
    /** Without its dashes, e.g. "stack". */
    readonly name: string;
    /** Its one letter, e.g. "s". */
    readonly letter?: string;
    /** What its value is called, e.g. "NAME". @default it takes none */
    readonly value?: string;
}

export interface Option extends Spelling {
    readonly meaning: string;
    /** What counts where it is not there, in words. */
    readonly default?: string;
}

/** Another program that gets arguments. */
export interface Recipient {
    /** E.g. "pulumi up". */
    readonly name: string;
    /** Which command says what it takes, e.g. "npm run pulumi -- up --help". */
    readonly help: string;
    /** Its options as far as they are known: what follows one that takes a value is none, even if it looks like one. */
    readonly options: readonly Spelling[];
    /** Whether its first operand is a command, which has a help of its own. @default false */
    readonly hasCommands?: boolean;
}

/** What a command was given. */
export interface Given {
    /** The stack that is meant, whether or not the command has to do with one. */
    readonly stack: StackName;
    /** Where several stacks are meant. @default one is */
    readonly selection?: Selection;
    /** The values of its options, by their names; "" of one that takes none. */
    readonly options: ReadonlyMap<string, string>;
    /** What stands there beside options. */
    readonly operands: readonly string[];
    /** All of it, as it was typed. */
    readonly args: readonly string[];
}

/** Which stacks are meant. */
export interface Selection {
    /** Names and patterns of stacks. */
    readonly patterns: readonly string[];
    /** How many at a time. */
    readonly concurrency: number;
    /** What each is run with, beside its name. */
    readonly args: readonly string[];
}

export interface StackName {
    /** What stack files and Docker objects are called after, e.g. "prod". */
    readonly name: string;
    /** What Pulumi is told: as it was typed, e.g. "prod" or "organization/project/prod". */
    readonly fullName: string;
}

export const stackOption: Option = {
    name: "stack",
    letter: "s",
    value: "NAME",
    meaning: "the stack, e.g. prod, or organization/project/prod",
    default: "PULUMI_STACK, else dev",
};

/** What chooses several stacks: docs/fleets.md. */
export const fleetOptions: readonly Option[] = [
    { name: "all", meaning: "every stack that has a stack file; --stack takes 'web-*' and web-1,web-2 too" },
    { name: "concurrency", value: "N", meaning: "how many stacks at a time", default: "4" },
];
const fleetJson: Option = { name: "json", meaning: "of several stacks: one JSON document on stdout" };

export const helpOption: Option = { name: "help", letter: "h", meaning: "show this" };

/** All options of a command, as its help lists them. */
export function optionsOf({ options, fleet, handsOn }: Command): readonly Option[] {
    const hasJson = [...options, ...(handsOn?.options ?? [])].some(({ name }) => name === "json");
    return [...options, ...(fleet ? [...fleetOptions, ...(hasJson ? [] : [fleetJson])] : []), helpOption];
}
