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
    /** Whole command lines; the first one shows how it is run at all. */
    readonly examples: readonly [string, ...string[]];
    /** @returns the exit status */
    run(given: Given): Promise<number>;
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
    /** The values of its options, by their names; "" of one that takes none. */
    readonly options: ReadonlyMap<string, string>;
    /** What stands there beside options. */
    readonly operands: readonly string[];
    /** All of it, as it was typed. */
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

export const helpOption: Option = { name: "help", letter: "h", meaning: "show this" };

/** All options of a command, as its help lists them. */
export const optionsOf = ({ options }: Command): readonly Option[] => [...options, helpOption];
