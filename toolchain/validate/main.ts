import { ToolError } from "../process";
import { say } from "../progress";
import { validate } from ".";

// A command of its own file: what the other commands need takes longer to load than these checks.
try {
    process.stdout.write(`${validate(process.argv.slice(3)).join("\n")}\n`);
} catch (error) {
    if (!(error instanceof ToolError)) {
        throw error;
    }
    say(error.message);
    process.exitCode = 1;
}
