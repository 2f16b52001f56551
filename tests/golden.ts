import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Files } from "../config/render/files";

/**
 * Compares rendered files with those kept in tests/golden/<name>, byte by byte. UPDATE_GOLDEN=1 writes them anew: the diff
 * is then to be read, and the integration tests have promtool check them.
 */
export function assertGolden(name: string, files: Files): void {
    const folder = path.join(__dirname, "golden", name);
    if (process.env.UPDATE_GOLDEN) {
        rmSync(folder, { recursive: true, force: true });
        for (const [file, text] of Object.entries(files)) {
            mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
            writeFileSync(path.join(folder, file), text);
        }
    }
    assert.deepEqual(golden(name), files);
}

/** The kept files of a name. */
export function golden(name: string): Files {
    const folder = path.join(__dirname, "golden", name);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = files.map((file) => path.relative(folder, path.join(file.parentPath, file.name)));
    return Object.fromEntries(paths.map((file) => [file, readFileSync(path.join(folder, file), "utf8")]));
}
