import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { EngineApi } from "../../toolchain/engineApi";

describe("The engine's API", () => {
    let folder: string;
    let engine: EngineApi | undefined;
    const before_ = { ...process.env };
    const start = (answers: object) => {
        Object.assign(process.env, {
            PATH: `${folder}:${before_.PATH}`,
            NOTES: path.join(folder, "notes"),
            ANSWERS: JSON.stringify({ "/version": {}, ...answers }),
        });
        engine = new EngineApi();
        return engine;
    };

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-engine-"));
        copyFileSync(path.join(__dirname, "..", "engineDouble.js"), path.join(folder, "docker"));
    });
    afterEach(() => {
        engine?.close();
        process.env = { ...before_ };
        rmSync(folder, { recursive: true });
    });

    it("answers any number of questions through one docker command", async () => {
        const containers = Array.from({ length: 50 }, (_, i) => [`/containers/${i}/json`, { Id: String(i) }]);
        const api = start(Object.fromEntries(containers));
        assert.equal(await api.answers(10_000), true);
        const found = await Promise.all(containers.map(([url]) => api.get(String(url))));
        assert.deepEqual(
            found,
            containers.map(([, content]) => content),
        );
        assert.equal(readFileSync(path.join(folder, "notes"), "utf8"), '["system","dial-stdio"]\n');
    });

    it("knows no such thing", async () => assert.equal(await start({}).get("/volumes/nothing"), undefined));

    it("says what is wrong, and goes on", async () => {
        const api = start({ "/bad": { status: 500, message: "out of order" } });
        await assert.rejects(api.get("/bad"), {
            name: "Error",
            message: "The Docker engine answers /bad with 500: out of order",
        });
        assert.deepEqual(await api.get("/version"), {});
    });

    const broken = (script: string) =>
        writeFileSync(path.join(folder, "docker"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

    it("says why it cannot be asked, at once and to each question", async () => {
        broken("echo 'Cannot connect to the Docker daemon' >&2; exit 1");
        const api = start({});
        assert.equal(await api.answers(10_000), false);
        await assert.rejects(api.get("/networks"), { message: "Cannot connect to the Docker daemon" });
        broken("exit 3");
        await assert.rejects(start({}).get("/networks"), { message: "docker system dial-stdio ended with status 3" });
    });

    it("says where the command line is missing", async () => {
        process.env.PATH = "/nowhere";
        engine = new EngineApi();
        await assert.rejects(engine.get("/networks"), /Is the Docker command line on the PATH\?/);
    });

    it("does not wait for one that says nothing, nor for a command that does not want to end", async () => {
        broken(`trap '' TERM; echo $$ > ${folder}/pid; while :; do sleep 0.1; done`);
        const api = start({});
        while (!existsSync(path.join(folder, "pid"))) {
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
        assert.equal(await api.answers(10), false);
        api.close();
        await assert.rejects(api.get("/networks"), { message: "docker system dial-stdio ended with status 137" });
    });
});
