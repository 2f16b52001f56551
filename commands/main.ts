import { instead } from "../config/schema/problems";
import { ToolError } from "../toolchain/process";
import { say } from "../toolchain/progress";
import { unusableFile } from "../toolchain/unusableFile";
import { readArguments } from "./arguments";
import { commandNames, commandOf } from "./commands";
import { helpOf, listOf } from "./help";

async function main([name = "--help", ...args]: readonly string[]): Promise<number> {
    if (name === "--help" || name === "-h") {
        process.stdout.write(listOf(commandNames.flatMap((each) => commandOf(each) ?? [])));
        return 0;
    }
    const command = commandOf(name);
    if (!command) {
        say(`${name} is not a command; ${instead(name, commandNames)}`);
        return 2;
    }
    const { given, mistakes } = readArguments(command, args);
    if (given.options.has("help") && !(command.handsOn?.hasCommands && given.operands.length > 0)) {
        process.stdout.write(helpOf(command));
        return 0;
    }
    if (mistakes.length > 0) {
        throw new ToolError(mistakes.join("\n"));
    }
    const { selection } = given;
    // Loaded where it is needed: stack files are validated in less time than it takes to load all of it.
    return selection ? (await import("./fleet")).runFleet(command, given, selection) : command.run(given);
}

main(process.argv.slice(2)).then(
    (status) => (process.exitCode = status),
    (error: unknown) => {
        const message = error instanceof ToolError ? error.message : unusableFile(error);
        if (message === undefined) {
            throw error;
        }
        say(message);
        process.exitCode = 1;
    },
);
