import { noteDeployed } from "../../toolchain/asDeployed";
import type { Command } from "../command";
import { stackOption } from "../command";
import { prepare } from "../environment";
import { changesIn } from "../pulumi/changes";
import { refreshOption, runProgram } from "../pulumi/cli";
import { pulumiOptions } from "../pulumi/options";
import { repaired } from "./repair";
import { report, waitForTargets } from "./report";

/**
 * The exit status of a deployment that came to its end while targets are down. Pulumi has those up to 9, and 255:
 * https://github.com/pulumi/pulumi/blob/master/sdk/go/common/util/cmdutil/exit.go
 */
export const targetsDown = 10;

export const command: Command = {
    name: "up",
    summary: "deploy the stack, and wait until every target is scraped",
    about:
        "It asks nothing: npm run preview shows what it would do. Its exit status is 0 where all is well, " +
        `${targetsDown} where the\nstack is deployed and targets are down, and anything else where the deployment failed.`,
    options: [stackOption],
    handsOn: { name: "pulumi up", help: "npm run pulumi -- up --help", options: pulumiOptions },
    fleet: {
        needsPulumi: true,
        outcomes: [
            [0, "done"],
            [targetsDown, "targets down"],
        ],
        said: changesIn,
    },
    examples: [
        "npm run up",
        "npm run up -- --stack prod",
        "npm run up -- --stack 'web-*'",
        'npm run up -- --message "Raise the memory limit"',
    ],
    async run(given) {
        const { stack } = given;
        const env = await prepare(stack.fullName);
        const refresh = await refreshOption(given, env);
        const deploy = () => runProgram(["up", "--yes", "--skip-preview", ...refresh], given, env);
        const first = await deploy();
        const status = first !== 0 && (await repaired(given, env)) ? await deploy() : first;
        if (status === 0) {
            await noteDeployed(stack.fullName, env);
            const waited = await waitForTargets(stack.name);
            await report(stack, waited, env);
            return waited.missing === undefined ? 0 : targetsDown;
        }
        return status;
    },
};
