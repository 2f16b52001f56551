// @ts-check
const { execFile } = require("node:child_process");
const { mkdtempSync, readFileSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
const { text } = require("node:stream/consumers");
const { parse } = require("yaml");
const alertmanager = require("../alertmanager/delivery");
const { archive } = require("./archive");
const { docker: runDocker, patience } = require("../../toolchain/docker");
const { ToolError } = require("../../toolchain/toolError");
const { failure } = require("../../toolchain/endpoint");
const { listeners, routes } = require("./hostNetwork");
const prometheus = require("../prometheus/delivery");
const { run: runStep } = require("./step");

// Looks at the Docker host for a preview, and changes nothing. Reads what is to be checked from stdin, and prints what it
// found, both as JSON; see ../preflight.ts for their types. What cannot be found out is said, and is no failure.

/** False for who only looks, and changes nothing on the Docker host. */
const pulls = process.env.PULL_IMAGES !== "false";

/** @typedef {{ volume: string, userId: number }} Adopted a volume of somebody else, and who is to own its files */
/** @typedef {{ volume: string, watchedFolder: string, container: string, program: string }} Volume */

runStep(async () => {
    const question = JSON.parse(await text(process.stdin));
    const unreachable = await failure();
    if (unreachable) {
        process.stdout.write(JSON.stringify({ unreachable }));
        return;
    }
    const [facts, promtool, amtool, ...deployed] = await Promise.all([
        attempt(() => look(question.stack, question.image, question.adopted)),
        attempt(() => check(question)),
        question.alertmanager && attempt(() => checkAlertmanager(question.alertmanager)),
        ...question.volumes.map((/** @type {Volume} */ volume) => attempt(() => generation(question.image, volume))),
    ]);
    process.stdout.write(JSON.stringify({ facts, promtool, amtool, deployed }));
});

/**
 * @template Found
 * @param {() => Promise<Found>} find
 * @returns {Promise<{ found: Found } | { unknown: string }>} unknown: why it could not be found out
 */
async function attempt(find) {
    try {
        return { found: await find() };
    } catch (error) {
        if (!(error instanceof ToolError)) {
            throw error;
        }
        return { unknown: error.message };
    }
}

/**
 * The networks, the volumes, the containers of everybody else, and where any program of the host listens that is none of the
 * stack's.
 * @param {string} stack
 * @param {string} image
 * @param {Adopted[]} adopted
 */
async function look(stack, image, adopted) {
    const inspectOnce = async (/** @type {string[]} */ list, /** @type {string[]} */ command) => {
        const ids = (await docker(list)).split("\n").filter(Boolean);
        return ids.length === 0 ? [] : JSON.parse(await docker([...command, ...ids]));
    };
    // Again where one of them went away in between, as short-lived containers do.
    const inspect = (/** @type {string[]} */ list, /** @type {string[]} */ command) =>
        inspectOnce(list, command).catch(() => inspectOnce(list, command));
    const [networks, volumes, containers, ofHost] = await Promise.all([
        inspect(["network", "ls", "--quiet"], ["network", "inspect"]),
        docker(["volume", "ls", "--quiet"]),
        inspect(["ps", "--quiet"], ["inspect"]),
        hostNetwork(image),
    ]);
    const isOwn = (/** @type {any} */ { Config }) => Config.Labels?.["metrics-stack.stack"] === stack;
    const own = containers.filter(isOwn).flatMap(addresses);
    const facts = (/** @type {string} */ name) => volumeFacts(name, containers, isOwn, image, adopted);
    return {
        volumes: await Promise.all(volumes.split("\n").filter(Boolean).map(facts)),
        ...(ofHost && {
            routes: ofHost.routes,
            listeners: ofHost.listeners.filter(
                ({ address, port }) =>
                    !own.some((/** @type {any} */ each) => each.port === port && each.address === address),
            ),
        }),
        networks: networks.map((/** @type {any} */ { Name, IPAM }) => ({
            name: Name,
            subnets: (IPAM?.Config ?? []).map((/** @type {any} */ { Subnet }) => Subnet),
        })),
        containers: containers.filter((/** @type {any} */ each) => !isOwn(each)).map(container),
    };
}

/**
 * @param {string} name of a volume
 * @param {any[]} containers those that run
 * @param {(container: any) => boolean} isOwn
 * @param {string} image
 * @param {Adopted[]} adopted
 */
async function volumeFacts(name, containers, isOwn, image, adopted) {
    const users = containers.filter(({ Mounts }) =>
        Mounts.some((/** @type {any} */ { Type, Name }) => Type === "volume" && Name === name),
    );
    // What its new program works with already needs no look.
    const taken = users.some(isOwn) ? undefined : adopted.find(({ volume }) => volume === name);
    return {
        name,
        usedBy: users.filter((each) => !isOwn(each)).map(({ Name }) => Name.slice(1)),
        ...(taken && (await contents(image, taken))),
    };
}

/**
 * What a volume holds that the stack is about to take over. An empty one takes over the user from the image.
 * @param {string} image
 * @param {Adopted} adopted
 * @returns {Promise<{ top: string[], foreign?: string }>} see config/dataVolumes.ts
 */
async function contents(image, { volume, userId }) {
    await ensureImage(image);
    const look = 'cd /volume && ls -A && echo && find . -name lost+found -prune -o ! -user "$0" -print | head -n 1';
    const said = await docker([
        ...["run", "--rm", "--network", "none", "--user", "0:0"],
        ...["--mount", `type=volume,src=${volume},dst=/volume,readonly,volume-nocopy`],
        ...["--entrypoint", "sh", image, "-c", look, String(userId)],
    ]);
    const [top = "", foreign = ""] = said.split(/^\n/m);
    return {
        top: top.split("\n").filter((name) => name !== "" && name !== "lost+found"),
        ...(foreign && { foreign: foreign.trim() }),
    };
}

/**
 * Asks the host's kernel, from a container in the host's network. Not every engine allows one, and the image may not be there
 * yet: then Docker itself says, in the deployment, that a port is taken.
 * @param {string} image
 */
async function hostNetwork(image) {
    const cat = ["run", "--rm", "--pull", "never", "--network", "host", "--entrypoint", "cat", image];
    try {
        const tables = await docker([...cat, "/proc/net/tcp", "/proc/net/tcp6", "/proc/net/route"]);
        return { listeners: listeners(tables), routes: routes(tables) };
    } catch {
        return undefined;
    }
}

/**
 * Where a container listens on the host: its published ports, or in the host's network what its arguments say.
 * @param {any} inspected
 * @returns {{ address: string, port: number }[]}
 */
function addresses({ Args, NetworkSettings }) {
    const published = Object.values(NetworkSettings.Ports ?? {}).flatMap((each) => each ?? []);
    const [, address, port] = /--web\.listen-address=([\d.]+):(\d+)/.exec((Args ?? []).join(" ")) ?? [];
    return [
        ...published.map(({ HostIp, HostPort }) => ({ address: HostIp, port: Number(HostPort) })),
        ...(address === undefined ? [] : [{ address, port: Number(port) }]),
    ];
}

/** @param {any} inspected */
function container(inspected) {
    const name = inspected.Name.slice(1);
    return {
        name,
        ports: addresses(inspected),
        names: Object.fromEntries(
            Object.entries(inspected.NetworkSettings.Networks ?? {}).map(([network, { Aliases }]) => [
                network,
                [name, ...(Aliases ?? [])],
            ]),
        ),
    };
}

/** Checks the whole, and where it is refused each job on its own: promtool stops at the first mistake, and names no job. */
const checkScript = `
    tar -xf - && said="$(promtool check config prometheus.yml 2>&1)" && exit 0
    echo "$said" && mv jobs/*.yml . 2> /dev/null || exit 0
    for job in $JOBS; do echo "@$job" && promtool check config "$job.yml" 2>&1; done; exit 0`;

/**
 * Has the promtool of the image that will run check the files, without starting anything that stays.
 * @param {{ image: string, mountPath: string, files: Record<string, string>, secretFiles: string[], jobs: Record<string, string> }} question
 * @returns {Promise<{ job?: string, words: string }[]>} what it refuses; with the job, where one alone is refused
 */
async function check({ image, mountPath, files, secretFiles, jobs }) {
    const single = Object.entries(jobs).map(([job, content]) => [`jobs/${job}.yml`, content]);
    const secrets = secretFiles.map((file) => [`secrets/${file}`, "checked elsewhere"]);
    // promtool finds lists, rules and secrets beside the file that names them.
    const beside = [...Object.entries(files), ...single].map(([file, content = ""]) => [
        file,
        content.replaceAll(`${mountPath}/current/`, "").replaceAll(`${mountPath}/`, ""),
    ]);
    const input = await archive(Object.fromEntries([...beside, ...secrets]));
    const names = Object.keys(jobs).join(" ");
    try {
        await ensureImage(image);
    } catch (error) {
        return refusals(await checkHere(image, names, input, /** @type {Error} */ (error).message));
    }
    const container = [
        ...["run", "--rm", "--interactive", "--network", "none", "--env", `JOBS=${names}`],
        ...["--workdir", "/tmp", "--entrypoint", "sh", image, "-c", checkScript],
    ];
    return refusals(await docker(container, { input }));
}

/**
 * Where the image cannot be had: a promtool of this machine, if it is of the same minor version.
 * @param {string} image
 * @param {string} names
 * @param {Buffer} input
 * @param {string} reason why the image cannot be had
 */
async function checkHere(image, names, input, reason) {
    const minor = /:v?(\d+\.\d+)\./.exec(image)?.[1];
    const version = await run("promtool", ["--version"]).catch(() => "");
    if (minor === undefined || !version.includes(`version ${minor}.`)) {
        throw new ToolError(
            `The image ${image} cannot be had (${reason}), and no promtool ${minor ?? "of its version"} is on the PATH.`,
        );
    }
    const folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-"));
    try {
        return await run("sh", ["-c", checkScript], { input, cwd: folder, env: { ...process.env, JOBS: names } });
    } finally {
        rmSync(folder, { recursive: true });
    }
}

/** @param {string} said what promtool said of the whole, then "@job" and what it said of each job */
function refusals(said) {
    const [whole = "", ...ofJobs] = said.split(/^@/m);
    const refused = (/** @type {string} */ words) =>
        /FAILED:\s*(?:parsing YAML file \S+: )?(.*)/s.exec(words)?.[1]?.trim();
    const alone = ofJobs.flatMap((part) => {
        const job = part.slice(0, part.indexOf("\n"));
        const words = refused(part);
        return words === undefined ? [] : [{ job, words }];
    });
    const words = refused(whole);
    return alone.length > 0 || words === undefined ? alone : [{ words }];
}

/**
 * Has the amtool of the image that will run check alertmanager.yml.
 * @param {{ image: string, files: Record<string, string> }} declared
 * @returns {Promise<string[]>} why it refuses it
 */
async function checkAlertmanager({ image, files }) {
    await ensureImage(image);
    const script = 'tar -x && said="$(amtool check-config alertmanager.yml 2>&1)" || echo "$said"';
    const container = ["run", "--rm", "--interactive", "--network", "none", "--workdir", "/tmp"];
    const said = await docker([...container, "--entrypoint", "sh", image, "-c", script], {
        input: await archive(files),
    });
    const words = said.replace(/^Checking .* FAILED: |^amtool: error: .*$/gm, "").trim();
    return words === "" ? [] : [words];
}

/**
 * The generation of a configuration volume: the same as long as everything is as it was deployed, and a new one, with the
 * reason, where somebody has to put something right.
 * @param {string} image
 * @param {Volume} volume
 * @returns {Promise<string>}
 */
async function generation(image, { volume, watchedFolder, container, program }) {
    const now = new Date().toISOString();
    try {
        await docker(["volume", "inspect", volume]);
    } catch {
        return now;
    }
    const [inspected, loaded] = await Promise.all([inspect(image, volume, watchedFolder), live(container, program)]);
    const [deployed = "", changed = ""] = inspected.split("\n");
    const reason = changed || loaded;
    return reason ? `${now}: ${reason}` : deployed;
}

/**
 * @param {string} image
 * @param {string} volume
 * @param {string} watchedFolder
 */
function inspect(image, volume, watchedFolder) {
    const script = readFileSync(path.join(__dirname, "volume.sh"), "utf8");
    return docker([
        ...[
            "run",
            "--rm",
            ...(pulls ? [] : ["--pull", "never"]),
            "--network",
            "none",
            "--user",
            "0:0",
            "--mount",
            `type=volume,src=${volume},dst=/volume,readonly`,
        ],
        ...["--env", "MOUNT_PATH=/volume", "--env", `WATCHED_FOLDER=${watchedFolder}`],
        ...["--entrypoint", "/bin/sh", image, "-c", script, "sh", "inspect"],
    ]);
}

/** The programs that load their configuration again: where each shows what it runs with, and how that differs from its file. */
const reloading = {
    prometheus: {
        name: "Prometheus",
        shows: "http://127.0.0.1:9090/api/v1/status/config",
        file: "/etc/prometheus/current/prometheus.yml",
        difference: (/** @type {any} */ said, /** @type {any} */ declared) =>
            prometheus.configDifference(said.data.yaml, declared),
    },
    alertmanager: {
        name: "Alertmanager",
        shows: "http://127.0.0.1:9093/api/v2/status",
        file: "/etc/alertmanager/current/alertmanager.yml",
        difference: (/** @type {any} */ said, /** @type {any} */ declared) =>
            alertmanager.configDifference(said.config.original, declared),
    },
};

/**
 * What a running program has loaded that is not in its volume. A container that does not run is Pulumi's to repair.
 * @param {string} container
 * @param {string} program
 */
async function live(container, program) {
    if (program !== "prometheus" && program !== "alertmanager") {
        return undefined;
    }
    const { name, shows, file, difference } = reloading[program];
    const both = `timeout 5 wget -q -O- ${shows} && echo && cat ${file}`;
    try {
        const said = await docker(["exec", container, "sh", "-c", both]);
        const end = said.indexOf("\n");
        const differing = difference(JSON.parse(said.slice(0, end)), parse(said.slice(end)));
        return differing === undefined ? undefined : `${name} runs with another configuration: ${differing}`;
    } catch {
        // It does not run, or its file is none: the volume's checksums tell.
        return undefined;
    }
}

/** @param {string} image */
async function ensureImage(image) {
    try {
        await docker(["image", "inspect", image]);
    } catch (error) {
        if (!pulls) {
            throw error;
        }
        await docker(["pull", "--quiet", image], { timeout: patience.pull });
    }
}

/**
 * @param {readonly string[]} args
 * @param {import("../../toolchain/docker").Options} [options]
 */
const docker = (args, options) => runDocker(args, { timeout: patience.look, ...options });

/**
 * Runs a program of this machine.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ input?: Buffer, cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<string>} what it printed on stdout
 */
function run(program, args, { input, ...options } = {}) {
    const settings = { timeout: patience.look, maxBuffer: 256 * 2 ** 20, ...options };
    return new Promise((resolve, reject) => {
        const child = execFile(program, args, settings, (error, stdout, stderr) => {
            if (error) {
                const words = `${stdout}${stderr}`.trim() || error.message;
                const late = `${program} ${args[0]} took longer than ${patience.look / 1000} s`;
                reject(new ToolError(child.killed ? late : words));
            } else {
                resolve(stdout);
            }
        });
        child.stdin?.on("error", () => undefined);
        child.stdin?.end(input ?? "");
    });
}
