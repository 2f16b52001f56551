import { ToolError } from "../../toolchain/process";
import { say } from "../../toolchain/progress";
import { validate } from ".";

validate(process.argv.slice(3)).then(
    (lines) => process.stdout.write(`${lines.join("\n")}\n`),
    (error: unknown) => {
        if (!(error instanceof ToolError)) {
            throw error;
        }
        say(error.message);
        process.exitCode = 1;
    },
);
