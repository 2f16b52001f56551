// @ts-check
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { parse } = require("yaml");
const { ToolError } = require("../../toolchain/toolError");
const { hasOwnWeb } = require("./asking");
const { docker, pulls } = require("./looking");
const { programOf } = require("./program");
const { throughTunnel } = require("./tunnel");

// What somebody changed of what was deployed.

/** @typedef {import("../../toolchain/engineApi").EngineApi} EngineApi */
/** @typedef {import("../observation").PartQuestion} Part */
/** @typedef {Part & { deployed: NonNullable<Part["deployed"]> }} Deployed */

/**
 * @typedef {object} State
 * @property {string} generation of a configuration volume: the same as long as everything is as it was deployed, and a new one,
 * with the reason, where somebody has to put something right
 * @property {boolean} runsWithFiles whether the image that is asked for runs with the files that are asked for: its own tool
 * checked them when they were deployed
 */

/**
 * @param {EngineApi} engine
 * @param {string} image one with a shell
 * @param {Deployed} part
 * @returns {Promise<State>}
 */
async function stateOf(engine, image, part) {
    const { container, volume, release } = part.deployed;
    const now = new Date().toISOString();
    const [found, inspected] = await Promise.all([
        engine.get(`/volumes/${volume}`),
        engine.get(`/containers/${container}/json`),
    ]);
    if (found === undefined) {
        return { generation: now, runsWithFiles: false };
    }
    const { runs, said } = await look(image, part, isRunning(inspected, part));
    const [inVolume = "", loaded = "", live = ""] = said.split(/^@.*\n/m);
    const [last = "", changed = ""] = inVolume.split("\n");
    const reason = changed || (runs && (await differenceOf(part, live)));
    return {
        generation: reason ? `${now}: ${reason}` : last,
        runsWithFiles: runs && !reason && inspected.Config.Image === part.image && loaded === `releases/${release}\n`,
    };
}

/**
 * Asks the program itself where it runs.
 * @param {string} image
 * @param {Deployed} part
 * @param {boolean} runs
 */
async function look(image, part, runs) {
    if (!runs || part.withoutShell) {
        return { runs, said: await docker(inImage(image, part)) };
    }
    try {
        return { runs, said: await docker(inContainer(part)) };
    } catch (error) {
        if (!(error instanceof ToolError)) {
            throw error;
        }
        // It ended meanwhile: it may crash over and over, and another configuration is what it needs.
        return { runs: false, said: await docker(inImage(image, part)) };
    }
}

/**
 * Whether the part's container runs with its volume. One that does not is Pulumi's to repair.
 * @param {any} inspected
 * @param {Deployed} part
 */
function isRunning(inspected, { mountPath, deployed: { volume } }) {
    const { Running, Paused, Restarting } = inspected?.State ?? {};
    const isThere = (/** @type {any} */ { Name, Destination }) => Name === volume && Destination === mountPath;
    return Running === true && !Paused && !Restarting && inspected.Mounts.some(isThere);
}

/** Says what is in the volume, and what was loaded. */
const volumeScript = `${readFileSync(path.join(__dirname, "volume.sh"), "utf8")}
echo @loaded
readlink loaded || true
`;

/** @param {string} watchedFolder */
const settings = (watchedFolder, folder = "/volume") => [
    ...["--env", `MOUNT_PATH=${folder}`, "--env", `WATCHED_FOLDER=${watchedFolder}`],
];

/**
 * @param {string} image
 * @param {Deployed} part
 */
const inImage = (image, { deployed: { volume, watchedFolder } }) => [
    ...["run", "--rm", ...(pulls ? [] : ["--pull", "never"]), "--network", "none", "--user", "0:0"],
    ...["--mount", `type=volume,src=${volume},dst=/volume,readonly`],
    ...settings(watchedFolder),
    ...["--entrypoint", "/bin/sh", image, "-c", volumeScript, "sh", "inspect"],
];

/**
 * In the program's own container, which costs a third; there it also says what it runs with, and what its file says.
 * @param {Deployed} part
 */
function inContainer({ program, mountPath, deployed: { container, watchedFolder } }) {
    const { live } = programOf(program);
    const asks = live && `{ ${hasOwnWeb} || timeout 5 wget -q -O- http://127.0.0.1:${live.port}${live.path}; }`;
    const both = live && `${asks} && echo && cat current/${live.file}`;
    const script = `${volumeScript}echo @live\n${both ?? "true"} || true`;
    return ["exec", ...settings(watchedFolder, mountPath), container, "sh", "-c", script, "sh", "inspect"];
}

/** How long it may take to answer, in milliseconds. */
const patienceToAnswer = 5000;

/**
 * What a running program has loaded that is not in its volume.
 * @param {Deployed} part
 * @param {string} said
 */
async function differenceOf({ program, deployed: { container } }, said) {
    const { live } = programOf(program);
    if (live === undefined) {
        return undefined;
    }
    const end = said.indexOf("\n");
    try {
        // One that lets in nobody without a login was not asked yet.
        const [shown = ""] =
            end === 0 ? await throughTunnel(container, live.port, [live], patienceToAnswer) : [said.slice(0, end)];
        const differing = live.difference(shown, parse(said.slice(end)));
        return differing === undefined ? undefined : `${live.name} runs with another configuration: ${differing}`;
    } catch {
        // It does not answer, or its file is none: the volume's checksums tell.
        return undefined;
    }
}

module.exports = { stateOf };
