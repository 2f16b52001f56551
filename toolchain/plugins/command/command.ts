import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Difference, Log, Properties, ResourceKind } from "../shared/provider";
import { unknown } from "../shared/provider";
import { holdsSecret, plain, secret } from "../shared/secrets";
import { execute } from "./execute";

const inputNames = [
    ...["create", "update", "delete", "stdin", "environment", "dir", "interpreter", "logging", "triggers"],
    "addPreviousOutputInEnv",
];
const unsupported = ["assetPaths", "archivePaths"];

/** command.local.Command. Any changed input runs `update`, or `create` where there is none; `triggers` are left to the SDK. */
export const commandKind: ResourceKind = {
    check: (_name, inputs) =>
        Object.keys(inputs).flatMap((property) => {
            if (unsupported.includes(property)) {
                const reason = `command:local:Command: input "${property}" is not supported by the plugin from packages; use the official plugin (TOOLCHAIN=official)`;
                return [{ property, reason }];
            }
            return inputNames.includes(property)
                ? []
                : [{ property, reason: `Unrecognized field '${property}' on 'local.CommandInputs'` }];
        }),
    diff: (_state, before, inputs) => {
        const differences: Record<string, Difference> = {};
        for (const key of inputNames) {
            if (isDeepStrictEqual(plain(before[key]), plain(inputs[key]))) {
                continue;
            }
            const kind = before[key] === undefined ? "add" : inputs[key] === undefined ? "delete" : "update";
            differences[key] = { kind, replace: key === "triggers" && before[key] === undefined };
        }
        return { differences, deleteBeforeReplace: false };
    },
    planned: (inputs) => ({ ...inputs, stdout: unknown, stderr: unknown }),
    async create(inputs, log) {
        return { id: randomUUID(), state: await ran(inputs.create, inputs, {}, log) };
    },
    update: (_id, state, inputs, log) => ran(inputs.update ?? inputs.create, inputs, state, log),
    read: async (_id, state) => ({ state, inputs: Object.fromEntries(inputNames.map((key) => [key, state[key]])) }),
    async delete(_id, state, log) {
        if (state.delete !== undefined) {
            await ran(state.delete, state, state, log);
        }
    },
};

async function ran(command: unknown, inputs: Properties, state: Properties, log: Log): Promise<Properties> {
    const given = plain(inputs) as Properties;
    const text = plain(command);
    const previous = given.addPreviousOutputInEnv === false ? {} : (plain(state) as Properties);
    const result =
        typeof text === "string"
            ? await execute(
                  text,
                  given,
                  {
                      ...(typeof previous.stdout === "string" && { PULUMI_COMMAND_STDOUT: previous.stdout }),
                      ...(typeof previous.stderr === "string" && { PULUMI_COMMAND_STDERR: previous.stderr }),
                  },
                  log,
              )
            : { stdout: "", stderr: "" };
    // One secret input makes the output secret: a program may well repeat what it was given.
    const kept = holdsSecret(inputs) ? { stdout: secret(result.stdout), stderr: secret(result.stderr) } : result;
    return { ...inputs, ...kept };
}
