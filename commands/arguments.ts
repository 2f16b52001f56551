import { instead } from "../config/schema/problems";
import type { Command, Given, Spelling } from "./command";
import { optionsOf } from "./command";
import { shortName } from "../toolchain/state";

export interface Reading {
    readonly given: Given;
    /** What is wrong, a line each. */
    readonly mistakes: readonly string[];
}

/** Reads the arguments of a command. @param environment names the stack where the arguments do not */
export function readArguments(command: Command, args: readonly string[], environment = process.env): Reading {
    const { options, operands, unknown, mistakes } = scan(args, optionsOf(command), command.handsOn?.options);
    const fullName = options.get("stack") || environment.PULUMI_STACK || "dev";
    const stack = { fullName, name: shortName(fullName) };
    const strange = command.handsOn
        ? []
        : [...unknown.map((option) => misspelled(option, command)), ...operandMistakes(operands, command)];
    return { given: { stack, options, operands, args }, mistakes: [...mistakes, ...strange] };
}

/** An option as it is to be written, e.g. "--program NAME". */
export const spelled = ({ name, value }: Spelling) => `--${name}${value === undefined ? "" : ` ${value}`}`;

function misspelled(option: string, command: Command): string {
    const known = optionsOf(command);
    const names = known.map(({ name }) => `--${name}`);
    const advice = instead(option, names, `write one of ${known.map(spelled).join(", ")}`);
    return `${option} is not an option of ${command.name}; ${advice}`;
}

function operandMistakes(operands: readonly string[], { name, operand, examples }: Command): string[] {
    if (operand === undefined) {
        return operands.length === 0 ? [] : [`${name} takes only options, not ${operands.join(" ")}`];
    }
    const what = operand.name.toLowerCase();
    if (operands.length === 0) {
        return operand.default === undefined ? [`no ${what} is named; write ${examples[0]}`] : [];
    }
    return operands.length > 1 && !operand.several ? [`one ${what} is wanted, not ${operands.join(" ")}`] : [];
}

interface Scan extends Pick<Given, "options" | "operands"> {
    /** Options that nobody knows, without their values. */
    readonly unknown: readonly string[];
    readonly mistakes: readonly string[];
}

/**
 * Reads a command line as Pulumi does: "--stack=x", "--stack x", "-s=x", "-sx", "-s x" and "-ysx" are the same, the last one
 * counts, and after "--" there are no options. What is not known is taken for an option without a value.
 * Source: https://github.com/spf13/pflag, FlagSet.parseArgs
 * @param own the options that count
 * @param others those that are passed over, with their values
 */
function scan(args: readonly string[], own: readonly Spelling[], others: readonly Spelling[] = []): Scan {
    const options = new Map<string, string>();
    const [operands, unknown, mistakes]: [string[], string[], string[]] = [[], [], []];
    const left = [...args];
    for (let argument = left.shift(); argument !== undefined; argument = left.shift()) {
        if (argument === "--") {
            operands.push(...left.splice(0));
        } else if (!/^-./.test(argument)) {
            operands.push(argument);
        } else {
            for (const { typed, option, joined } of optionsIn(argument, [...own, ...others])) {
                if (!option) {
                    unknown.push(typed);
                    continue;
                }
                const takesValue = option.value !== undefined;
                const value = joined ?? (takesValue ? left.shift() : undefined) ?? "";
                options.set(option.name, value);
                if (own.includes(option) && takesValue === (value === "")) {
                    mistakes.push(`${typed} ${takesValue ? "needs a" : "takes no"} value`);
                }
            }
        }
    }
    return { options, operands, unknown, mistakes };
}

/** An option in an argument. */
interface Found {
    /** How it is written there, without its value. */
    readonly typed: string;
    /** @default nobody knows it */
    readonly option: Spelling | undefined;
    /** Its value, where the same argument has one. */
    readonly joined: string | undefined;
}

/** The options in one argument: letters may stand together, up to the first that takes a value. */
function optionsIn(argument: string, known: readonly Spelling[]): Found[] {
    const [, name, value] = /^--([^=]*)(?:=([^]*))?$/.exec(argument) ?? [];
    return name === undefined
        ? lettersIn(argument.slice(1), known)
        : [{ typed: `--${name}`, option: known.find((each) => each.name === name), joined: value }];
}

function lettersIn(letters: string, known: readonly Spelling[]): Found[] {
    const [letter, rest] = [letters.slice(0, 1), letters.slice(1)];
    const option = known.find((each) => each.letter === letter);
    const typed = `-${letter}`;
    if (rest === "") {
        return [{ typed, option, joined: undefined }];
    }
    const isLast = !option || option.value !== undefined || rest.startsWith("=");
    return isLast
        ? [{ typed, option, joined: rest.replace(/^=/, "") }]
        : [{ typed, option, joined: undefined }, ...lettersIn(rest, known)];
}
