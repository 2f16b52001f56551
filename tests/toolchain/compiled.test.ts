import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { project } from "../../toolchain/checkout";

interface Ended {
    readonly status: number | null;
    readonly text: string;
}

describe("A compiled program", function () {
    this.timeout(30_000);

    let folder: string;
    let cache: string;
    const kept = () => readdirSync(path.join(cache, "metrics-stack", "compiled"));

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-compiled-"));
        cache = path.join(folder, "cache");
        for (const room of ["bench", "commands", "components", "config", "tests/integration", "toolchain"]) {
            mkdirSync(path.join(folder, room), { recursive: true });
        }
        const own = ["compiled.js", "kept.js", "cacheFolder.js"].map((file) => `toolchain/${file}`);
        for (const file of ["package.json", "package-lock.json", ...own]) {
            cpSync(path.join(project, file), path.join(folder, file));
        }
        symlinkSync(path.join(project, "node_modules"), path.join(folder, "node_modules"));
        write("index.ts", 'import { word } from "./config/word";\nexport const said: string = word();');
        write("config/word.ts", 'export function word(): string {\n    return "first";\n}');
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const write = (file: string, content: string) => writeFileSync(path.join(folder, file), `${content}\n`);
    const noCompiler = "require.cache[require.resolve('esbuild')] = { exports: {} };";
    const run = (prelude = "") =>
        new Promise<Ended>((resolve) => {
            const script = `${prelude}require("./toolchain/compiled").run("index.ts").then(({ said }) => console.log(said))`;
            const env = { ...process.env, XDG_CACHE_HOME: cache };
            const child = spawn(process.execPath, ["-e", script], { cwd: folder, env });
            let text = "";
            for (const stream of [child.stdout, child.stderr]) {
                stream.on("data", (chunk) => (text += String(chunk)));
            }
            child.on("close", (status) => resolve({ status, text }));
        });
    const says = async (words: string, prelude?: string) =>
        assert.deepEqual(await run(prelude), { status: 0, text: `${words}\n` });

    it("is compiled once", async () => {
        await says("first");
        await says("first", noCompiler);
    });

    it("is compiled again when a source changed", async () => {
        await says("first");
        write("config/word.ts", 'export const word = () => "second";');
        assert.notEqual((await run(noCompiler)).status, 0);
        await says("second");
    });

    it("leaves nothing in the checkout", async () => {
        const files = () => readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((f) => !/^cache/.test(f));
        const before = files();
        await says("first");
        assert.deepEqual(files(), before);
    });

    it("has each source know its own folder", async () => {
        write("config/word.ts", "export const word = (): string => __dirname;");
        await says(path.join(folder, "config"));
        await says(path.join(folder, "config"), noCompiler);
    });

    for (const [what, size] of [
        ["emptied", 0],
        ["cut off", 200],
    ] as const) {
        it(`is compiled again where what was kept is ${what}`, async () => {
            await says("first");
            kept().forEach((file) => truncateSync(path.join(cache, "metrics-stack", "compiled", file), size));
            await says("first");
        });
    }

    it("runs where nothing can be kept", async () => {
        writeFileSync(cache, "a file, and no folder");
        await says("first");
        await says("first");
    });

    it("may be compiled by several processes at a time", async () => {
        await Promise.all(Array.from({ length: 3 }, () => says("first")));
        assert.deepEqual(
            kept().filter((file) => file.startsWith(".")),
            [],
        );
        assert.equal(kept().length, 3);
    });

    it("keeps the files of the last versions only", async () => {
        await says("first");
        const old = path.join(cache, "metrics-stack", "compiled");
        Array.from({ length: 60 }, (_, i) => writeFileSync(path.join(old, `old-${i}`), ""));
        write("config/word.ts", 'export const word = () => "second";');
        await says("second");
        assert.equal(kept().length, 48);
    });

    for (const [when, prelude] of [
        ["just compiled", ""],
        ["kept", noCompiler],
    ] as const) {
        it(`has its errors name lines of TypeScript: ${when}`, async () => {
            write(
                "config/word.ts",
                'interface Word {}\n\nexport function word(): never {\n    throw new Error("oh");\n}',
            );
            if (prelude === noCompiler) {
                await run();
            }
            const { text } = await run(prelude);
            assert.match(text, new RegExp(`at word \\(${folder}/config/word\\.ts:4:11\\)`));
        });
    }

    it("says where a source cannot be compiled", async () => {
        write("config/word.ts", "export const word = ;");
        assert.match((await run()).text, /config\/word\.ts:1:20: ERROR: Unexpected ";"/);
    });
});
