import { nearestOf } from "../../config/schema/problems";
import { ToolError } from "../../toolchain/process";

/** What a command was told: the file, and which of its options. */
export interface Arguments {
    readonly file: string;
    readonly options: ReadonlySet<string>;
}

/**
 * Reads `[--stack S] [options] FILE`.
 * @param known the options that the command has beside --stack, e.g. ["--replace"]
 * @throws ToolError with every mistake
 */
export function parseArguments(command: string, args: readonly string[], known: readonly string[] = []): Arguments {
    const rest = args.filter((argument, i) => !isStack(argument) && !/^(-s|--stack)$/.test(args[i - 1] ?? ""));
    const options = rest.filter((argument) => argument.startsWith("-"));
    const files = rest.filter((argument) => !argument.startsWith("-"));
    const problems = options
        .filter((option) => !known.includes(option))
        .map((option) => {
            const near = nearestOf(option, [...known, "--stack"]);
            const all = ["--stack", ...known].join(", ");
            return `${option} is not an option of ${command}; ${near ? `did you mean ${near}?` : `write one of ${all}`}`;
        });
    if (files.length !== 1) {
        const example = `npm run ${command} -- metrics.tar.gz`;
        problems.push(
            files.length === 0 ? `no file is named; write ${example}` : `one file is wanted, not ${files.join(" ")}`,
        );
    }
    if (problems.length > 0) {
        throw new ToolError(problems.join("\n"));
    }
    return { file: files[0] ?? "", options: new Set(options) };
}

const isStack = (argument: string) => /^(-s|--stack)$|^--stack=/.test(argument);
