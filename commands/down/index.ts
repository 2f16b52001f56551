import type { Command } from "../command";
import { stackOption } from "../command";
import { prepareEngine } from "../environment";
import { changesIn } from "../pulumi/changes";
import { runProgram } from "../pulumi/cli";
import { pulumiOptions } from "../pulumi/options";
import { reportLeftovers, reportProtection } from "./leftovers";

export const command: Command = {
    name: "down",
    summary: "destroy the stack; volumes with samples and dashboards are kept",
    about: "It asks nothing. What is kept, and which commands delete it, it says at its end.",
    options: [stackOption],
    handsOn: { name: "pulumi destroy", help: "npm run pulumi -- destroy --help", options: pulumiOptions },
    fleet: { needsPulumi: true, said: changesIn },
    examples: ["npm run down", "npm run down -- --stack staging"],
    async run(given) {
        const { stack } = given;
        const env = await prepareEngine(stack.fullName);
        const status = await runProgram(["destroy", "--yes", "--skip-preview"], given, env);
        (status === 0 ? reportLeftovers : reportProtection)(stack.name, env);
        return status;
    },
};
