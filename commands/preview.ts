import type { Command } from "./command";
import { stackOption } from "./command";
import { prepare, preparePulumi } from "./environment";
import { changesIn } from "./pulumi/changes";
import { refreshOption, runProgram } from "./pulumi/cli";
import { pulumiOptions } from "./pulumi/options";

export const command: Command = {
    name: "preview",
    summary: "show what up would change",
    options: [stackOption],
    handsOn: { name: "pulumi preview", help: "npm run pulumi -- preview --help", options: pulumiOptions },
    fleet: { needsPulumi: true, said: changesIn },
    examples: ["npm run preview", "npm run preview -- --diff", "npm run preview -- --stack prod"],
    async run(given) {
        const { fullName } = given.stack;
        // Who turns the host's checks off may not reach the Docker host at all: nothing is asked of it then.
        if (process.env.METRICS_STACK_SKIP_HOST_CHECKS === "true") {
            return runProgram(["preview", "--refresh=false"], given, await preparePulumi(fullName));
        }
        const env = await prepare(fullName);
        return runProgram(["preview", ...(await refreshOption(given, env))], given, env);
    },
};
