import assert from "node:assert/strict";
import { commandKind } from "../../toolchain/plugins/command/command";
import { execute } from "../../toolchain/plugins/command/execute";
import type { Properties } from "../../toolchain/plugins/shared/provider";
import { holdsSecret, plain, secret } from "../../toolchain/plugins/shared/secrets";
import recorded from "../conformance/command-plugin-1.2.1.json";
import { changed, kindOfChange } from "./changes";

const silent = async () => undefined;

describe("the command plugin from packages answers as the official one", () => {
    for (const { case: name, change, ...expected } of recorded.cases) {
        if ("assetPaths" in change) {
            it(`${name}, which it refuses by name`, () => {
                const [failure] = commandKind.check("c", changed(recorded.base, change));
                assert.match(failure?.reason ?? "", /"assetPaths" is not supported by the plugin from packages/);
            });
            continue;
        }
        it(name, () => {
            const before = name === "triggers changed" ? { ...recorded.base, triggers: ["a"] } : recorded.base;
            const diff = commandKind.diff(recorded.exampleOutputs, before, changed(before, change));
            assert.deepEqual(Object.keys(diff.differences), expected.diffs);
            assert.equal(kindOfChange(diff), expected.kind);
            assert.equal(diff.deleteBeforeReplace, false);
        });
    }

    it("to an unknown input", () => {
        const failures = commandKind.check("c", { ...recorded.base, crate: "x" });
        assert.deepEqual(
            failures.map(({ property, reason }) => [property, reason]),
            recorded.unknownInput,
        );
    });

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

    it("names an interpreter that is not there", async () => {
        await assert.rejects(ran({ create: "true", interpreter: ["/no/such/shell"] }), /\/no\/such\/shell/);
    });

    it("runs the delete command of the state", async () => {
        await assert.rejects(commandKind.delete("id", { delete: "echo gone; exit 4" }, silent), /exit status 4.*gone/s);
    });
});
