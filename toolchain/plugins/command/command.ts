import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Difference, Log, Properties, ResourceKind } from "../shared/provider";
import { unknown } from "../shared/provider";
import { holdsSecret, plain, secret } from "../shared/secrets";
import { unsupported } from "../shared/unsupported";
import { execute } from "./execute";

/** The inputs that the program gives. */
export const commandInputs = ["create", "stdin", "environment", "logging", "addPreviousOutputInEnv"];

/** command.local.Command. Any changed input runs `create` again. */
export const commandKind: ResourceKind = {
    check: (_name, inputs) => unsupported("command:local:Command", commandInputs, inputs),
    diff: (_state, before, inputs) => {
        const differences: Record<string, Difference> = {};
        for (const key of commandInputs) {
            if (isDeepStrictEqual(plain(before[key]), plain(inputs[key]))) {
                continue;
            }
            const kind = before[key] === undefined ? "add" : inputs[key] === undefined ? "delete" : "update";
            differences[key] = { kind, replace: false };
        }
        return { differences, deleteBeforeReplace: false };
    },
    planned: (inputs) => ({ ...inputs, stdout: unknown, stderr: unknown }),
    create: async (inputs, log) => ({ id: randomUUID(), state: await ran(inputs, {}, log) }),
    update: (_id, state, inputs, log) => ran(inputs, state, log),
    read: async (_id, state) => ({ state, inputs: Object.fromEntries(commandInputs.map((key) => [key, state[key]])) }),
    delete: async () => undefined,
};

async function ran(inputs: Properties, state: Properties, log: Log): Promise<Properties> {
    const given = plain(inputs) as Properties;
    const previous = given.addPreviousOutputInEnv === false ? {} : (plain(state) as Properties);
    const result = await execute(
        String(given.create ?? ""),
        given,
        {
            ...(typeof previous.stdout === "string" && { PULUMI_COMMAND_STDOUT: previous.stdout }),
            ...(typeof previous.stderr === "string" && { PULUMI_COMMAND_STDERR: previous.stderr }),
        },
        log,
    );
    // One secret input makes the output secret: a program may well repeat what it was given.
    const kept = holdsSecret(inputs) ? { stdout: secret(result.stdout), stderr: secret(result.stderr) } : result;
    return { ...inputs, ...kept };
}

const runInputs = ["command", "stdin", "environment", "logging", "addPreviousOutputInEnv"];

/** command.local.run: a command that is no resource. */
export async function run(inputs: Properties): Promise<Properties> {
    const [refusal] = unsupported("command:local:run", runInputs, inputs);
    if (refusal) {
        throw new Error(refusal.reason);
    }
    return { ...inputs, ...(await execute(String(inputs.command), inputs, {})) };
}
