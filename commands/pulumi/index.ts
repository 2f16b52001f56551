import { inTerminal } from "../../toolchain/process";
import type { Command } from "../command";
import { stackOption } from "../command";
import { prepare, prepareEngine, preparePulumi, pulumiEnvironment } from "../environment";
import { hasStackFile } from "../stackFileCopy";
import { runProgram } from "./cli";
import { pulumiOptions } from "./options";

/** Pulumi's commands that run the program, and those that reach its resources without it. */
const runners = new Set(["up", "update", "preview", "pre"]);
const others = new Set(["refresh", "destroy", "down", "dn"]);

export const command: Command = {
    name: "pulumi",
    summary: "any other command of Pulumi, with the machine prepared for it",
    options: [stackOption],
    handsOn: { name: "pulumi", help: "npm run pulumi -- help", options: pulumiOptions, hasCommands: true },
    examples: [
        "npm run pulumi -- stack output",
        "npm run pulumi -- config set --path --secret 'metrics-stack:grafana.adminPassword'",
        "npm run pulumi -- refresh --stack prod",
        "npm run pulumi -- up --help",
    ],
    async run(given) {
        const { operands, options, stack, args } = given;
        const [operand = ""] = operands;
        if ((runners.has(operand) || others.has(operand)) && !options.has("help")) {
            const prepared = runners.has(operand) ? prepare : prepareEngine;
            return runProgram([], given, await prepared(stack.fullName));
        }
        // Who only reads how a command is used needs no stack, and a stack is renamed after its stack file as well as before.
        const isAlone = options.has("help") || (operand === "stack" && !hasStackFile(stack.name));
        const environment = isAlone ? pulumiEnvironment : preparePulumi;
        return inTerminal("pulumi", args, { env: await environment(stack.fullName) });
    },
};
