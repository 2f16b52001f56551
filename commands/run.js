// @ts-check
// Every npm script starts here. Plain JavaScript without dependencies: on a fresh clone nothing is installed yet.
const { spawnSync } = require("node:child_process");
const { existsSync, lstatSync, readFileSync } = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Node.js ${process.versions.node} is too old: install 20.19 or newer.`);
}
if (process.platform === "win32") {
    fail("Windows is not supported: run this inside WSL2, https://learn.microsoft.com/windows/wsl/install");
}
if (!installed()) {
    if (isLink(path.join(root, "node_modules"))) {
        // npm would empty the folder that it points to, which is another project's.
        fail("node_modules is a link to a folder that does not hold what package-lock.json says: run npm ci there.");
    }
    process.stderr.write("Installing the npm packages of package-lock.json (about a minute) ...\n");
    // Without install scripts: the only one wants to download a Pulumi plugin, which the engine does itself where it can.
    const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
        cwd: root,
        stdio: ["ignore", 2, 2],
    });
    if (status !== 0) {
        fail("npm ci failed, see above. Nothing else was done.");
    }
}
process.chdir(root);
require("../toolchain/compiled").run("commands/main.ts");

/** True if node_modules holds what package-lock.json says: npm keeps its own copy of the lock file there. */
function installed() {
    const copy = path.join(root, "node_modules", ".package-lock.json");
    if (!existsSync(copy)) {
        return false;
    }
    const wanted = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")).packages;
    const found = JSON.parse(readFileSync(copy, "utf8")).packages;
    return Object.entries(wanted).every(
        ([name, { version, optional }]) => name === "" || optional || found[name]?.version === version,
    );
}

/** @param {string} folder */
function isLink(folder) {
    return lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/** @param {string} message */
function fail(message) {
    process.stderr.write(`${message}\n`);
    process.exit(1);
}
