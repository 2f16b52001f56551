import assert from "node:assert/strict";
import { commandKind, run } from "../../toolchain/plugins/command/command";
import { execute } from "../../toolchain/plugins/command/execute";
import type { Properties } from "../../toolchain/plugins/shared/provider";
import { holdsSecret, plain, secret } from "../../toolchain/plugins/shared/secrets";
import recorded from "../conformance/command-plugin-1.2.1.json";
import { changed, kindOfChange } from "./changes";

const silent = async () => undefined;

describe("the command plugin from packages answers as the official one", () => {
    for (const { case: name, change, ...expected } of recorded.cases) {
        it(name, () => {
            const { base, exampleOutputs } = recorded;
            const diff = commandKind.diff(exampleOutputs, base, changed(base, change));
            assert.deepEqual(Object.keys(diff.differences), expected.diffs);
            assert.equal(kindOfChange(diff), expected.kind);
            assert.equal(diff.deleteBeforeReplace, false);
        });
    }

    it("after a create", async () => {
        const { state } = await commandKind.create(recorded.base, silent);
        assert.deepEqual(state, recorded.exampleOutputs);
    });

    it("after an update", async () => {
        const inputs = { ...recorded.base, stdin: recorded.afterUpdateOfStdin.stdin };
        assert.deepEqual(
            await commandKind.update("id", recorded.exampleOutputs, inputs, silent),
            recorded.afterUpdateOfStdin,
        );
    });

    it("to a command that fails", async () => {
        await assert.rejects(
            commandKind.create({ create: "echo out; echo bad >&2; exit 3" }, silent),
            (error: Error) => {
                assert.equal(`2 UNKNOWN: ${error.message}`, recorded.failedCreate);
                return true;
            },
        );
    });
});

describe("the command plugin from packages", () => {
    const ran = async (inputs: Properties) => (await commandKind.create(inputs, silent)).state;

    for (const property of ["triggers", "delete", "assetPaths", "crate"]) {
        const said = (type: string) =>
            `${type}: input "${property}" is not supported by the plugin from packages; use the official plugin (TOOLCHAIN=official)`;
        it(`refuses by name what it does not have: ${property}`, async () => {
            assert.deepEqual(commandKind.check("c", { ...recorded.base, [property]: "x" }), [
                { property, reason: said("command:local:Command") },
            ]);
            await assert.rejects(run({ command: "exit 1", [property]: "x" }), {
                message: said("command:local:run"),
            });
        });
    }

    it("takes every input that it has", () => assert.deepEqual(commandKind.check("c", recorded.base), []));

    it("runs a command that is no resource", async () => {
        const inputs = { command: "cat", stdin: "hello\n", environment: { A: "1" }, logging: "none" };
        assert.deepEqual(await run(inputs), { ...inputs, stdout: "hello", stderr: "" });
    });

    it("keeps the output of a command with a secret input secret, and hands it over in plain", async () => {
        const state = await ran({ create: "cat", stdin: secret("hunter2") });
        assert.ok(holdsSecret(state.stdout) && holdsSecret(state.stderr));
        assert.equal(plain(state.stdout), "hunter2");
    });

    it("hands the previous output to an update only where it is wanted", async () => {
        const inputs = { create: 'echo "[$PULUMI_COMMAND_STDOUT]"' };
        const state = { ...inputs, stdout: "before", stderr: "" };
        const updated = (extra: object) => commandKind.update("id", state, { ...inputs, ...extra }, silent);
        assert.equal((await updated({})).stdout, "[before]");
        assert.equal((await updated({ addPreviousOutputInEnv: false })).stdout, "[]");
    });

    it("shows no line of a command whose logging is off", async () => {
        const shown: string[] = [];
        const log = async (line: string) => void shown.push(line);
        await execute("echo out; echo err >&2", { logging: "none" }, {}, log);
        assert.deepEqual(shown, []);
        await execute("echo out; echo err >&2", { logging: "stderr" }, {}, log);
        assert.deepEqual(shown, ["err"]);
    });

    it("survives a command that does not read its stdin", async () => {
        assert.equal((await ran({ create: "true", stdin: "x".repeat(200_000) })).stdout, "");
    });
});
