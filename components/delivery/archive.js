// @ts-check
const { buffer } = require("node:stream/consumers");
const { pack } = require("tar-stream");

/**
 * Packs files as a tar archive, the form in which they travel into a container.
 * @param {Readonly<Record<string, string>>} files relative path to content
 * @returns {Promise<Buffer>}
 */
function archive(files) {
    const entries = pack();
    for (const [name, content] of Object.entries(files)) {
        // A fixed time: the same files are the same archive.
        entries.entry({ name, mode: 0o644, mtime: new Date(0) }, content);
    }
    entries.finalize();
    return buffer(entries);
}

module.exports = { archive };
