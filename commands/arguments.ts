import { instead } from "../config/schema/problems";
import type { Command, Given, Selection, Spelling } from "./command";
import { fleetOptions, optionsOf, stackOption } from "./command";
import { shortName } from "../toolchain/state";

export interface Reading {
    readonly given: Given;
    /** What is wrong, a line each. */
    readonly mistakes: readonly string[];
}

/** Reads the arguments of a command. @param environment names the stack where the arguments do not */
export function readArguments(command: Command, args: readonly string[], environment = process.env): Reading {
    const { options, operands, unknown, mistakes, rest } = scan(args, optionsOf(command), command.handsOn?.options);
    const fullName = options.get("stack") || environment.PULUMI_STACK || "dev";
    const stack = { fullName, name: shortName(fullName) };
    const { selection, mistakes: ofSelection } = selectionIn(command, { options, operands, rest });
    const strange = command.handsOn
        ? []
        : [...unknown.map((option) => misspelled(option, command)), ...operandMistakes(operands, command)];
    return {
        given: { stack, options, operands, args, ...(selection && { selection }) },
        mistakes: [...mistakes, ...ofSelection, ...strange],
    };
}

/** Which stacks are meant, where it is not one. */
function selectionIn(
    { name, fleet, options: own, handsOn }: Command,
    { options, operands, rest }: Pick<Scan, "options" | "operands" | "rest">,
): { selection?: Selection; mistakes: string[] } {
    const stack = options.get("stack") ?? "";
    const several = /[*?[,]/.test(stack);
    if (!own.includes(stackOption) || (!several && !(fleet && options.has("all")))) {
        return { mistakes: [] };
    }
    if (!fleet) {
        return { mistakes: [`${name} takes one stack, not ${stack}; write its name`] };
    }
    const given = options.get("concurrency") ?? "4";
    const isNumber = /^[1-9]\d?$/.test(given);
    const { perStack } = fleet;
    const place = perStack === "operand" ? operands[0] : options.get(perStack ?? "");
    const isApart = perStack === undefined || (place ?? "").includes("{stack}");
    const what = perStack === "operand" ? "what it writes" : `--${perStack}`;
    return {
        selection: {
            patterns: several ? stack.split(",").filter(Boolean) : ["*"],
            concurrency: Number(given),
            args: handsOn ? [...rest, "--non-interactive"] : rest,
        },
        mistakes: [
            ...(isNumber ? [] : [`--concurrency is ${given}; write a number from 1 to 99`]),
            ...(several && options.has("all")
                ? [`--all is every stack, and --stack ${stack} are some; write one of the two`]
                : []),
            ...(isApart
                ? []
                : [
                      `${what} would be one for all stacks; write {stack} for the name of each, such as '{stack}.tar.gz'`,
                  ]),
        ],
    };
}

/** An option as it is to be written, e.g. "--program NAME". */
export const spelled = ({ name, value }: Spelling) => `--${name}${value === undefined ? "" : ` ${value}`}`;

function misspelled(option: string, command: Command): string {
    if (option === "--all" && command.options.includes(stackOption)) {
        return `${command.name} takes one stack, not all; name it with --stack`;
    }
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
    /** All arguments but those that choose several stacks. */
    readonly rest: readonly string[];
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
    const [operands, unknown, mistakes, rest]: [string[], string[], string[], string[]] = [[], [], [], []];
    const left = [...args];
    for (let argument = left.shift(); argument !== undefined; argument = left.shift()) {
        const before = left.length;
        if (argument === "--") {
            operands.push(...left.splice(0));
            rest.push(...args.slice(args.length - before - 1));
            break;
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
        if (!choosing.test(argument)) {
            rest.push(argument, ...args.slice(args.length - before, args.length - left.length));
        }
    }
    return { options, operands, unknown, mistakes, rest };
}

const choosing = new RegExp(`^--(${fleetOptions.map(({ name }) => name).join("|")})(=|$)`);

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
