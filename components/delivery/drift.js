// @ts-check
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { parse } = require("yaml");
const { docker, pulls } = require("./looking");
const { programOf } = require("./program");

// What somebody changed of what was deployed.

/** @typedef {import("../observation").PartQuestion} Part */
/** @typedef {Part & { deployed: NonNullable<Part["deployed"]> }} Deployed */

/**
 * The generation of a configuration volume: the same as long as everything is as it was deployed, and a new one, with the
 * reason, where somebody has to put something right.
 * @param {string} image one with a shell
 * @param {Deployed} part
 * @returns {Promise<string>}
 */
async function generation(image, part) {
    const now = new Date().toISOString();
    try {
        await docker(["volume", "inspect", part.deployed.volume]);
    } catch {
        return now;
    }
    const [inspected, loaded] = await Promise.all([inspect(image, part), live(part)]);
    const [last = "", changed = ""] = inspected.split("\n");
    const reason = changed || loaded;
    return reason ? `${now}: ${reason}` : last;
}

/**
 * @param {string} image
 * @param {Deployed} part
 */
function inspect(image, { deployed: { volume, watchedFolder } }) {
    return docker([
        ...["run", "--rm", ...(pulls ? [] : ["--pull", "never"]), "--network", "none", "--user", "0:0"],
        ...["--mount", `type=volume,src=${volume},dst=/volume,readonly`],
        ...["--env", "MOUNT_PATH=/volume", "--env", `WATCHED_FOLDER=${watchedFolder}`],
        ...["--entrypoint", "/bin/sh", image, "-c", readFileSync(path.join(__dirname, "volume.sh"), "utf8")],
        ...["sh", "inspect"],
    ]);
}

/**
 * What a running program has loaded that is not in its volume. A container that does not run is Pulumi's to repair.
 * @param {Deployed} part
 */
async function live({ program, mountPath, deployed }) {
    const { live } = programOf(program);
    if (live === undefined) {
        return undefined;
    }
    const both = `timeout 5 wget -q -O- http://127.0.0.1:${live.port}${live.path} && echo && cat ${mountPath}/current/${live.file}`;
    try {
        const said = await docker(["exec", deployed.container, "sh", "-c", both]);
        const end = said.indexOf("\n");
        const differing = live.difference(said.slice(0, end), parse(said.slice(end)));
        return differing === undefined ? undefined : `${live.name} runs with another configuration: ${differing}`;
    } catch {
        // It does not run, or its file is none: the volume's checksums tell.
        return undefined;
    }
}

module.exports = { generation };
