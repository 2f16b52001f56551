import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { archive } from "../../../components/delivery/archive";
import { project } from "../../../toolchain/checkout";

/** What happens inside a configuration volume, here in a folder. */
describe("In a configuration volume", () => {
    const script = path.join(project, "components", "delivery", "volume.sh");
    let folder: string;

    beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-volume-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    const environment = () => ({
        PATH: process.env.PATH,
        MOUNT_PATH: folder,
        WATCHED_FOLDER: "watched",
        GENERATION: "1",
        CHECK: "true",
        USER_ID: String(process.getuid?.()),
    });

    async function run(action: string, argument = "", files: Readonly<Record<string, string>> = {}): Promise<string> {
        const { status, stdout, stderr } = spawnSync("sh", [script, action, ...argument.split(" ")], {
            input: await archive(files),
            encoding: "utf8",
            env: environment(),
        });
        assert.equal(status, 0, stderr);
        return stdout.trim();
    }

    const named = (link: string) => readlinkSync(path.join(folder, link)).replace("releases/", "");

    /** A release, delivered to its end. */
    async function deliver(release: string): Promise<void> {
        await run("stage", release, { "a.yml": release });
        await run("switch", release);
        await run("loaded", release);
    }

    it("secret files stay until a release is loaded that does not need them", async () => {
        // Names that are too long for an argument.
        const names = Array.from({ length: 550 }, (_, i) => `${String(i).padStart(3, "0")}-${"x".repeat(240)}`);
        await run("stage", "1", { "a.yml": "" });
        await run("secrets", "", Object.fromEntries(names.map((name) => [name, "secret"])));
        await run("loaded", "1");
        assert.deepEqual(readdirSync(path.join(folder, "secrets")).sort(), names);

        const wanted = names.slice(0, 2);
        await run("secrets", "", Object.fromEntries(wanted.map((name) => [name, "secret"])));
        assert.equal(readdirSync(path.join(folder, "secrets")).length, names.length);
        await run("loaded", "1");
        assert.deepEqual(readdirSync(path.join(folder, "secrets")).sort(), wanted);

        await run("secrets");
        await run("loaded", "1");
        assert.deepEqual(readdirSync(path.join(folder, "secrets")), []);
    });

    it("the names of wanted secret files are read as earlier deployments wrote them", async () => {
        await run("stage", "1", { "a.yml": "" });
        mkdirSync(path.join(folder, "secrets"), { recursive: true });
        ["a", "b", "c"].forEach((name) => writeFileSync(path.join(folder, "secrets", name), ""));
        writeFileSync(path.join(folder, "wanted"), "a c gone\n");
        await run("loaded", "1");
        assert.deepEqual(readdirSync(path.join(folder, "secrets")).sort(), ["a", "c"]);
    });

    it("a first delivery that was broken off at any moment is completed by the next one", async () => {
        // As the shell is killed before the command of a line: nothing after it is done.
        const text = readFileSync(script, "utf8");
        const [, first = ""] = /if \[ ! -e current \]; then\n([^]*?)\n {4}fi/.exec(text) ?? [];
        const lines = first.split("\n").filter((line) => !/^ +#/.test(line));
        assert.ok(lines.length >= 3, first);
        for (const line of lines) {
            rmSync(folder, { recursive: true });
            mkdirSync(folder);
            const broken = text.replace(line, () => "kill -9 $$");
            const input = await archive({ "a.yml": "1" });
            const { signal } = spawnSync("sh", ["-c", broken, "sh", "stage", "1"], { input, env: environment() });
            assert.equal(signal, "SIGKILL", line);
            await deliver("2");
            assert.deepEqual([named("current"), named("loaded")], ["2", "2"], line);
        }
    });

    it("of a program that nobody knows to have loaded anything, the release that it last ran with is what is gone back to", async () => {
        await deliver("1");
        rmSync(path.join(folder, "loaded"));
        assert.match(await run("inspect"), /^1\nsomebody changed loaded$/);
        await run("stage", "2", { "a.yml": "2" });
        assert.equal(await run("switch", "2"), "1 changed");
        rmSync(path.join(folder, "history"));
        assert.equal(await run("switch", "2"), "2 changed");
        await run("loaded", "2");
        assert.equal(named("loaded"), "2");
    });

    it("the current release is not the last of the history where a delivery was broken off", async () => {
        await deliver("1");
        await deliver("2");
        await run("stage", "3", { "a.yml": "3" });
        await run("switch", "3");
        assert.match(await run("history"), /^3\n\S+Z 1\n\S+Z 2$/);
        await run("switch", "2");
        await run("loaded", "2");
        assert.match(await run("history"), /^2\n/);
    });

    it("who was overtaken by another release neither records nor takes back his own", async () => {
        await deliver("1");
        await run("stage", "2", { "a.yml": "2" });
        await run("switch", "2");
        await run("switch", "1"); // A rollback in between.
        for (const [action, argument] of [
            ["loaded", "2"],
            ["undo", "1 2"],
        ] as const) {
            await assert.rejects(run(action, argument), /another deployment or rollback has put 1 in the place of 2/);
        }
        await run("loaded", "1");
        assert.deepEqual([named("current"), named("loaded")], ["1", "1"]);
    });

    it("an action waits for another one, but never for one that was killed", async () => {
        await deliver("1");
        const reading = spawn("sh", [script, "stage", "2"], { env: environment(), detached: true });
        await once(reading, "spawn");
        const isReading = () => readdirSync(path.join(folder, "releases")).includes(".incoming");
        while (!isReading()) {
            await sleep(10);
        }
        const waiting = spawn("sh", [script, "switch", "1"], { env: environment() });
        const ended = once(waiting, "close");
        assert.equal(await Promise.race([ended, sleep(1500, "it waits")]), "it waits");
        assert.ok(isReading());
        process.kill(-(reading.pid ?? 0), "SIGKILL");
        assert.deepEqual(await ended, [0, null]);
    });

    it("a release that differs from the loaded one in some files is current until it is taken back, however often", async () => {
        const current = (file: string) => readFileSync(path.join(folder, "current", file), "utf8");
        await run("stage", "1", { "a.yml": "declared", "b/c.yml": "declared", "watched/d.json": "declared" });
        await run("loaded", "1");
        for (const content of ["first", "second"]) {
            assert.equal(await run("vary", "", { "b/c.yml": content }), "1");
            assert.deepEqual([current("a.yml"), current("b/c.yml")], ["declared", content]);
            assert.equal(readFileSync(path.join(folder, "loaded", "b", "c.yml"), "utf8"), "declared");
        }
        await run("undo", "1 varied");
        assert.equal(current("b/c.yml"), "declared");
        await run("stage", "2", { "a.yml": "declared" });
        assert.deepEqual(readdirSync(path.join(folder, "releases")).sort(), ["1", "2"]);
    });
});
