import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { docker, dockerOutcome, dockerOutcomeSync, dockerStream, dockerSync } from "../../toolchain/docker";

describe("The docker command line is run", () => {
    let env: Record<string, string>;
    let folder: string;

    before(() => {
        folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-docker-"));
        // Does what its first argument says.
        writeFileSync(path.join(folder, "docker"), `#!/bin/sh\nset -- "$@"\neval "$1"\n`, { mode: 0o755 });
        env = { PATH: `${folder}:${process.env.PATH}` };
    });
    after(() => rmSync(folder, { recursive: true }));

    const ways = {
        "beside others": (script: string, options = {}) => docker([script], { env, ...options }),
        "and waited for": async (script: string, options = {}) => dockerSync([script], { env, ...options }),
    };
    for (const [way, run] of Object.entries(ways)) {
        describe(`${way}, and`, () => {
            it("gives what it printed, of what it was given", async () =>
                assert.equal(await run("echo unseen >&2; cat", { input: "äöü" }), "äöü"));

            it("does not care whether it reads what it was given", async () =>
                assert.equal(await run("exec true", { input: Buffer.alloc(2 ** 22) }), ""));

            it("fails with what it said", () =>
                assert.rejects(run("echo so; echo it is >&2; exit 3"), { name: "Error", message: "so\nit is" }));

            it("fails with the end of all that it said", () =>
                assert.rejects(run("yes | head -c 1000000; echo no >&2; exit 3"), ({ message }: Error) => {
                    assert.match(message, /y\nno$/);
                    return message.length === 2000;
                }));

            it("fails with its status where it said nothing", () =>
                assert.rejects(run("kill -KILL $$"), { message: "docker kill -KILL $$ ended with status 137" }));

            it("fails where it takes too long, though it does not want to end", () =>
                assert.rejects(run("trap '' TERM; while :; do sleep 0.1; done", { timeout: 300 }), {
                    message: "docker trap '' TERM; while :; do sleep 0.1; done took longer than 0.3 s",
                }));

            it("says where it is missing", () =>
                assert.rejects(run("true", { env: { PATH: "/nowhere" } }), /Is the Docker command line on the PATH\?/));

            it("says what is wrong with arguments that are too long", () =>
                assert.rejects(run("#".repeat(2 ** 18)), /could not be run: spawn\w* .*E2BIG$/));
        });
    }

    it("for its status and words", async () => {
        const expected = { status: 2, stdout: "a\n", stderr: "b\n" };
        const script = "echo a; echo b >&2; exit 2";
        assert.deepEqual(await dockerOutcome([script], { env }), expected);
        assert.deepEqual(dockerOutcomeSync([script], { env }), expected);
    });

    it("until a signal ends it, and fails for the signal's reason", async () => {
        const controller = new AbortController();
        const run = docker(["exec sleep 60"], { env, signal: controller.signal });
        controller.abort(new Error("Interrupted"));
        await assert.rejects(run, { message: "Interrupted" });
    });

    it("with its streams open", async () => {
        const { child, outcome } = dockerStream(["cat; echo enough >&2; exit 4"], { env });
        child.stdin.end("streamed");
        assert.equal(await text(child.stdout), "streamed");
        assert.deepEqual(await outcome, { status: 4, stdout: "", stderr: "enough\n" });
    });

    it("three times at once over ssh, and no more", async () => {
        const overSsh = { ...env, DOCKER_HOST: "ssh://host", FOLDER: folder };
        const script = 'touch "$FOLDER/$$.runs"; sleep 0.2; ls "$FOLDER" | grep -c runs; rm "$FOLDER/$$.runs"';
        const counts = await Promise.all(Array.from({ length: 7 }, () => docker([script], { env: overSsh })));
        assert.ok(Math.max(...counts.map(Number)) <= 3, counts.join(""));
        assert.equal(counts.length, 7);
    });
});
