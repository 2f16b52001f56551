import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { archive } from "../../../components/delivery/archive";
import { project } from "../../../toolchain/checkout";

/** What happens inside a configuration volume, here in a folder. */
describe("In a configuration volume", () => {
    const script = path.join(project, "components", "delivery", "volume.sh");
    let folder: string;

    beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-volume-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    async function run(action: string, argument = "", files: Readonly<Record<string, string>> = {}): Promise<void> {
        const { status, stderr } = spawnSync("sh", [script, action, argument], {
            input: await archive(files),
            encoding: "utf8",
            env: {
                PATH: process.env.PATH,
                MOUNT_PATH: folder,
                WATCHED_FOLDER: "watched",
                GENERATION: "1",
                CHECK: "true",
                USER_ID: String(process.getuid?.()),
            },
        });
        assert.equal(status, 0, stderr);
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
});
