import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Readable } from "node:stream";
import { gunzipSync, gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { ArchiveWriter, readArchive } from "../../commands/backup/archive";
import type { Manifest } from "../../commands/backup/manifest";
import { declared, isNewer, keepers } from "../../commands/backup/parts";
import { declaredParts } from "../../commands/images";
import { formatBytes } from "../../commands/backup/progress";

const manifest: Manifest = {
    format: 1,
    stack: "dev",
    time: "2026-01-31T12:00:00Z",
    parts: { prometheus: { image: "prom/prometheus:v3.13.5", version: "3.13.5", bytes: 8 } },
};

describe("A backup's file", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-backup-"));
    const file = path.join(folder, "a.tar.gz");
    const { signal } = new AbortController();

    afterEach(() => rmSync(file, { force: true }));
    after(() => rmSync(folder, { recursive: true }));

    /** What data.sh hands over for these files of Prometheus. */
    function frozen(files: Readonly<Record<string, string>>): Readable {
        const entries = pack();
        entries.entry({ name: "prometheus/.metrics-stack/frozen/", type: "directory", uid: 65534, mode: 0o755 });
        for (const [name, content] of Object.entries(files)) {
            entries.entry({ name: `prometheus/.metrics-stack/frozen/${name}`, uid: 65534, mode: 0o644 }, content);
        }
        entries.finalize();
        return entries as unknown as Readable;
    }

    async function write(files: Readonly<Record<string, string>>): Promise<void> {
        const archive = new ArchiveWriter(file, () => undefined, signal);
        archive.begin(manifest);
        await archive.add(frozen(files));
        await archive.finish();
    }

    async function read(): Promise<[Manifest, string[]]> {
        const found: string[] = [];
        const take = async ({
            part,
            path: name,
            header,
            content,
        }: Parameters<Parameters<typeof readArchive>[1]>[0]) => {
            let text = "";
            for await (const chunk of content) {
                text += chunk.toString();
            }
            found.push([part, name, header.uid, text].join(" "));
        };
        return [await readArchive(file, take, () => undefined, signal), found];
    }

    /** The file with other bytes in it, as somebody would write who knows tar and gzip but not what was archived. */
    function tamper(from: string, to: string): void {
        const tar = gunzipSync(readFileSync(file));
        const at = tar.indexOf(from);
        assert.ok(at >= 0 && from.length === to.length);
        tar.write(to, at);
        writeFileSync(file, gzipSync(tar));
    }

    it("gives back what was written, owners too, and only its owner can read it", async () => {
        await write({ "wal/00000000": "samples", empty: "" });
        assert.equal(statSync(file).mode & 0o777, 0o600);
        assert.deepEqual(await read(), [
            manifest,
            ["prometheus  65534 ", "prometheus wal/00000000 65534 samples", "prometheus empty 65534 "],
        ]);
    });

    it("passes files on that are larger than every buffer", async () => {
        const large = "0123456789abcdef".repeat(300_000);
        await write({ large });
        const [, found] = await read();
        assert.equal(found[1], `prometheus large 65534 ${large}`);
    });

    it("is refused where a file in it is not the one that was archived", async () => {
        await write({ "wal/00000000": "samples" });
        tamper("samples", "sampler");
        await assert.rejects(read(), {
            message: `${file} is damaged: its prometheus/wal/00000000 is not what was archived.`,
        });
    });

    it("is refused where it ends early, wherever that is", async () => {
        await write({ large: Array.from({ length: 5000 }, (_, i) => i * i).join(" ") });
        const whole = readFileSync(file);
        for (const share of [0, 0.001, 0.5, 0.9, 0.999]) {
            writeFileSync(file, whole.subarray(0, Math.floor(share * whole.length)));
            await assert.rejects(read(), /is (incomplete or damaged|not a backup, or is damaged): /);
        }
    });

    it("is refused where the checksums are missing, with which it ends", async () => {
        await write({ a: "b" });
        const tar = gunzipSync(readFileSync(file));
        writeFileSync(file, gzipSync(Buffer.concat([tar.subarray(0, tar.indexOf("checksums")), Buffer.alloc(1024)])));
        await assert.rejects(read(), /is incomplete or damaged: its end is missing\.$/);
    });

    it("is refused where a file in it could end up elsewhere", async () => {
        for (const [from, to] of [
            ["prometheus/wal", "prometheus/../"],
            ["prometheus/wal", "../../../../etc"],
            ["prometheus/wal", "alertmanager/x"],
        ] as const) {
            rmSync(file, { force: true });
            await write({ "wal/": "" });
            const tar = gunzipSync(readFileSync(file));
            // The header's checksum is the sum of its bytes, its own field taken as blanks.
            const at = tar.indexOf("prometheus/wal/");
            tar.fill(0, at, at + 100);
            tar.write(to.padEnd(from.length, "x"), at);
            tar.fill(" ", at + 148, at + 156);
            const sum = tar.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
            tar.write(`${sum.toString(8).padStart(6, "0")}\0 `, at + 148);
            writeFileSync(file, gzipSync(tar));
            await assert.rejects(read(), /is not a backup: ".*" does not belong into one\.$/);
        }
    });

    it("is refused where it is another thing, or of a format that is not known", async () => {
        writeFileSync(file, "text");
        await assert.rejects(read(), /is not a backup, or is damaged: incorrect header check\.$/);
        rmSync(file);
        await write({});
        tamper('"format": 1', '"format": 2');
        await assert.rejects(
            read(),
            /has the format 2, which this version does not know: restore it with a newer one\.$/,
        );
    });

    it("is told by one error where it cannot be written", async () => {
        const archive = new ArchiveWriter(path.join(folder, "none", "a"), () => undefined, signal);
        archive.begin(manifest);
        const all = archive.add(frozen({ a: "b".repeat(10_000_000) })).then(() => archive.finish());
        await assert.rejects(all, /could not be written: ENOENT/);
    });
});

describe("What a restore may put where", () => {
    it("is data of a version that is not newer, apart from its last number", () => {
        assert.deepEqual(
            [
                ["3.13.5", "3.13.1"],
                ["3.12.0", "3.13.5"],
                ["9.4.0-pre", "9.4.0-pre"],
                ["3.14.0", "3.13.5"],
                ["13.1.3", "9.4.0-pre"],
            ].map(([version = "", than = ""]) => isNewer(version, than)),
            [false, false, false, true, true],
        );
    });

    it("goes to the parts that the stack file declares", () => {
        const folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-declared-"));
        after(() => rmSync(folder, { recursive: true }));
        const file = path.join(folder, "Pulumi.prod.yaml");
        const kept = (key: string, config: object) => {
            writeFileSync(file, JSON.stringify({ config }));
            const part = keepers.find((each) => each.key === key) ?? assert.fail(key);
            return declared("prod", part, declaredParts(file));
        };
        const config = { "metrics-stack:prometheus": { image: "p:1" }, "metrics-stack:grafana": { enabled: false } };
        const { part, ...rest } = kept("prometheus", config) ?? {};
        assert.equal(part?.key, "prometheus");
        assert.deepEqual(rest, {
            image: "p:1",
            volume: "metrics-stack-prod-prometheus-data",
            container: "metrics-stack-prod-prometheus",
        });
        assert.equal(kept("grafana", config), undefined);
        assert.equal(kept("alertmanager", config), undefined);
        assert.ok(kept("grafana", {}));
    });

    it("is counted in units that people read", () => {
        assert.deepEqual([0, 999, 1000, 1_234_567, 5e12].map(formatBytes), [
            "0 B",
            "999 B",
            "1.0 kB",
            "1.2 MB",
            "5.0 TB",
        ]);
    });
});

/** What happens inside a data volume, here in a folder. */
describe("The data that a restore replaced", () => {
    let root: string;
    beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), "metrics-stack-data-"))));
    afterEach(() => rmSync(root, { recursive: true }));

    const data = (...names: string[]) => path.join(root, "data", "part", ...names);
    const content = () => readFileSync(data("wal", "1"), "utf8");

    function run(action: string, well = ""): void {
        const text = readFileSync(path.join(__dirname, "..", "..", "commands", "backup", "data.sh"), "utf8");
        const here = text.replaceAll("/tmp/", `${root}/`).replaceAll("/data", path.join(root, "data"));
        const env = { PATH: process.env.PATH, STATE_part: "*", WELL: well };
        const { status, stderr } = spawnSync("sh", ["-c", here, "sh", action, "part"], {
            env,
            input: "",
            encoding: "utf8",
        });
        assert.equal(status, 0, stderr);
    }

    /** A restore up to the moment when it waits for the program, where it is killed. */
    function killedRestore(samples: string): void {
        mkdirSync(data(".metrics-stack", "incoming", "wal"), { recursive: true });
        writeFileSync(data(".metrics-stack", "incoming", "wal", "1"), samples);
        run("switch");
        assert.equal(content(), samples);
    }

    beforeEach(() => {
        mkdirSync(data("wal"), { recursive: true });
        writeFileSync(data("wal", "1"), "first");
        killedRestore("second");
    });

    it("stays where nobody has seen the program well with the new data", () => {
        run("hold");
        assert.equal(readFileSync(data(".metrics-stack", "old", "wal", "1"), "utf8"), "first");
        assert.equal(content(), "second");
    });

    it("goes with the next backup or restore that finds the program well", () => {
        run("hold", "part");
        assert.ok(!existsSync(data(".metrics-stack")));
        assert.equal(content(), "second");
    });

    it("is what another restore goes back to, which replaces what never worked", () => {
        run("hold");
        killedRestore("third");
        run("back");
        assert.ok(!existsSync(data(".metrics-stack")));
        assert.equal(content(), "first");
    });
});
