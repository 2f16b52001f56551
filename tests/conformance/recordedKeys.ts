import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";

/** The keys that a pinned program reads, as they are recorded here: not every machine has its source. */

const root = path.join(__dirname, "../..");

/** Where Go keeps the modules of Prometheus' family. Source: https://go.dev/ref/mod#module-cache */
export const goModules = path.join(
    process.env.GOMODCACHE ?? path.join(process.env.GOPATH ?? path.join(homedir(), "go"), "pkg/mod"),
    "github.com/prometheus",
);

interface Recorded<Keys> {
    readonly record: Keys;
    /** Holds the record against the source. */
    test(this: Mocha.Context): void;
}

/**
 * @param program the name of its module and of its part, e.g. "alertmanager"
 * @param read gives the keys of a version of the module, undefined where Go's cache does not have it
 */
export function recordedKeys<Keys>(program: string, read: (version: string) => Keys | undefined): Recorded<Keys> {
    const goModule = readFileSync(path.join(root, "components", program, "go/go.mod"), "utf8");
    const version = new RegExp(`github\\.com/prometheus/${program} (v\\S+)`).exec(goModule)?.[1] ?? "";
    const recorded = path.join(root, `tests/conformance/${program}-keys.json`);
    return {
        record: JSON.parse(readFileSync(recorded, "utf8")) as Keys,
        test() {
            const keys = read(version);
            const text = keys && `${JSON.stringify({ version, ...keys }, null, 4)}\n`;
            if (text !== undefined && process.env.UPDATE_GOLDEN) {
                writeFileSync(recorded, text);
            }
            const record = readFileSync(recorded, "utf8");
            assert.equal(
                JSON.parse(record).version,
                version,
                `the record is of another version: go mod download github.com/prometheus/${program}, then UPDATE_GOLDEN=1`,
            );
            if (text === undefined) {
                return this.skip(); // Go's module cache does not have the source.
            }
            assert.equal(record, text);
        },
    };
}
