// @ts-check
const { listeners, routes } = require("./hostNetwork");
const { docker, ensureImage } = require("./looking");

// What there is on the Docker host, for config/check/host.ts.

/** @typedef {{ volume: string, userId: number }} Adopted a volume of somebody else, and who is to own its files */

/**
 * The networks, the volumes, the containers of everybody else, and where any program of the host listens that is none of the
 * stack's.
 * @param {string} image one with a shell
 * @param {NonNullable<import("../observation").Question["host"]>} host
 */
async function look(image, { stack, adopted }) {
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
 * @param {readonly Adopted[]} adopted
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
 * @returns {Promise<{ top: string[], foreign?: string }>} see config/check/dataVolumes.ts
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

module.exports = { look };
