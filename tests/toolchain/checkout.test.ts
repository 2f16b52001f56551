import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { project } from "../../toolchain/checkout";
import { output } from "../../toolchain/process";
import { unusableFile } from "../../toolchain/unusableFile";

/** What the commands say of a checkout that is not like others. */
describe("A checkout", function () {
    this.timeout(60_000);
    let folder: string;

    /** Puts a copy of the project into a folder. */
    const clone = (name: string) => {
        folder = mkdtempSync(path.join(tmpdir(), name));
        const files = output("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: project });
        for (const file of files.trim().split("\n")) {
            cpSync(path.join(project, file), path.join(folder, file));
        }
        symlinkSync(path.join(project, "node_modules"), path.join(folder, "node_modules"));
    };
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    /** @param user whose number it runs under. @default this one's */
    const node = (args: readonly string[], user?: number) => {
        const as = user === undefined ? {} : { uid: user, gid: user };
        const options = { cwd: folder, encoding: "utf8" as const, timeout: 30_000, ...as };
        return spawnSync(process.execPath, args, options);
    };

    it("of another user: one line says what cannot be written, and what to do", function () {
        const nobody = process.getuid?.() === 0 ? 65_534 : undefined;
        clone("metrics-stack-");
        chmodSync(folder, 0o755);
        mkdirSync(path.join(folder, ".state"), { mode: 0o555 });
        if (node(["-e", 'require("yaml")'], nobody).status !== 0) {
            console.log("    skipped: nobody but its owner can read this project's folder");
            this.skip();
        }
        for (const command of ["status", "up"]) {
            const { status, stderr } = node(["commands/run.js", command], nobody);
            assert.equal(status, 1);
            assert.match(stderr, /^\S+\/\.state\/project cannot be used: .* a clone of your own\.\n$/, stderr);
        }
    });

    for (const code of ["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT"]) {
        it(`names the file where the operating system says ${code}`, () => {
            const error = Object.assign(new Error(code), { code, path: "/srv/metrics/.state/project" });
            assert.match(unusableFile(error) ?? "", new RegExp(`^/srv/metrics/.state/project cannot .*\\(${code}\\)`));
        });
    }

    it("has its state where it is, whatever characters the path has", () => {
        clone("metrics #1?%41 ü-");
        writeFileSync(path.join(folder, "ask.js"), script);
        const { stdout, stderr } = node(["ask.js"]);
        assert.equal(stdout, `${pathToFileURL(path.join(folder, ".state")).href}\n`, stderr);
        assert.match(stdout, /%231%3F%2541/);
    });

    const script = `require("./toolchain/compiled").run("toolchain/state.ts").then(({ stateEnvironment }) => {
        process.env.PULUMI_BACKEND_URL = "";
        console.log(stateEnvironment().PULUMI_BACKEND_URL);
    });`;

    it("is of no use on Windows: one line says where it is", () => {
        clone("metrics-stack-");
        const onWindows =
            'Object.defineProperty(process, "platform", { value: "win32" }); require("./commands/run.js");';
        const { status, stderr } = node(["-e", onWindows]);
        assert.deepEqual([status, stderr.split("\n").length], [1, 2]);
        assert.match(stderr, /^Windows is not supported: run this inside WSL2, https:/);
    });
});
