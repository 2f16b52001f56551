import { noteDeployed } from "../../toolchain/asDeployed";
import type { Command } from "../command";
import { stackOption } from "../command";
import { prepare } from "../environment";
import { refreshOption, runProgram } from "../pulumi/cli";
import { pulumiOptions } from "../pulumi/options";
import { report, waitForTargets } from "./report";

export const command: Command = {
    name: "up",
    summary: "deploy the stack, and wait until every target is scraped",
    about: "It asks nothing: npm run preview shows what it would do.",
    options: [stackOption],
    handsOn: { name: "pulumi up", help: "npm run pulumi -- up --help", options: pulumiOptions },
    examples: ["npm run up", "npm run up -- --stack prod", 'npm run up -- --message "Raise the memory limit"'],
    async run(given) {
        const { stack } = given;
        const env = await prepare(stack.fullName);
        const refresh = await refreshOption(given, env);
        const status = await runProgram(["up", "--yes", "--skip-preview", ...refresh], given, env);
        if (status === 0) {
            await noteDeployed(stack.fullName, env);
            await report(stack, await waitForTargets(stack.name), env);
        }
        return status;
    },
};
