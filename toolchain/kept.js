// @ts-check
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { cacheFolder } = require("./cacheFolder");

// What was compiled is kept in a folder of the cache, under the contents that it was made from. Whatever is wrong with a file, or
// with the folder, costs time only: then it is made once more.

const folder = path.join(cacheFolder, "compiled");
/** How many files are kept: each version of the sources has three for a program. */
const files = 45;

const checksum = (/** @type {Buffer} */ content) => createHash("sha256").update(content).digest();

/**
 * What was kept, if all of it is there: an empty program would have Pulumi delete the stack.
 * @param {string} name
 */
function kept(name) {
    try {
        const content = readFileSync(path.join(folder, name));
        if (!checksum(content.subarray(32)).equals(content.subarray(0, 32))) {
            return undefined;
        }
        return content.subarray(32);
    } catch {
        return undefined;
    }
}

/**
 * Where it cannot be kept, as on a full disk, the next run has to make it anew. Several may write the same thing at a time.
 * @param {string} name
 * @param {Buffer} content
 */
function keep(name, content) {
    const unfinished = path.join(folder, `.${name}.${process.pid}`);
    try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(unfinished, Buffer.concat([checksum(content), content]));
        renameSync(unfinished, path.join(folder, name));
    } catch {
        attempt(() => rmSync(unfinished));
    }
}

/** Removes all but the newest files. */
function forget() {
    attempt(() =>
        readdirSync(folder)
            .map((name) => path.join(folder, name))
            .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
            .slice(files)
            .forEach((file) => rmSync(file)),
    );
}

/** @param {() => void} step that may fail */
function attempt(step) {
    try {
        step();
    } catch {
        // Another process did it, or nothing can be changed there.
    }
}

module.exports = { forget, keep, kept };
