// @ts-check
const { listeners, routes } = require("./hostNetwork");
const { docker, ensureImage } = require("./looking");

// What there is on the Docker host, for config/check/host.ts.

/** @typedef {import("../../toolchain/engineApi").EngineApi} EngineApi */
/** @typedef {{ volume: string, userId: number }} Adopted a volume of somebody else, and who is to own its files */

/**
 * The networks, the volumes, the containers of everybody else, and where any program of the host listens that is none of the
 * stack's.
 * @param {EngineApi} engine
 * @param {string} image one with a shell
 * @param {NonNullable<import("../observation").Question["host"]>} host
 */
async function look(engine, image, { stack, adopted, names = [], known }) {
    const [networks, { Volumes: volumes }, containers, own] = await Promise.all([
        engine.get("/networks"),
        engine.get("/volumes"),
        containersOf(engine),
        startedUnder(engine, names),
    ]);
    const isOwn = (/** @type {any} */ { Id, Config }) =>
        Config.Labels?.["metrics-stack.stack"] === stack || known?.containers.includes(Id) === true;
    const ofStack = containers.filter(isOwn);
    const ofHost = await hostView(engine, image, ofStack);
    const ownAddresses = ofStack.flatMap(addresses);
    const facts = (/** @type {any} */ { Name }) =>
        volumeFacts(Name, containers, isOwn, (taken) => contents(engine, image, taken), adopted);
    return {
        volumes: await Promise.all((volumes ?? []).map(facts)),
        ...(ofHost && {
            sharedRoot: ofHost.sharedRoot,
            routes: ofHost.routes,
            listeners: ofHost.listeners.filter(
                ({ address, port }) => !ownAddresses.some((each) => each.port === port && each.address === address),
            ),
        }),
        networks: networks
            .filter((/** @type {any} */ { Name }) => !known?.networks.includes(Name))
            .map((/** @type {any} */ { Name, IPAM }) => ({
                name: Name,
                subnets: (IPAM?.Config ?? []).map((/** @type {any} */ { Subnet }) => Subnet),
            })),
        containers: containers.filter((each) => !isOwn(each)).map(container),
        ...(own.length > 0 && { own }),
    };
}

/**
 * The containers with one of these names, running or not. One that was never started is what an engine kept that went away in
 * the middle of its creation.
 * @param {EngineApi} engine
 * @param {readonly string[]} names
 * @returns {Promise<{ name: string, id: string }[]>}
 */
async function startedUnder(engine, names) {
    const listed = (names.length > 0 && (await engine.get("/containers/json?all=true"))) || [];
    return listed
        .filter((/** @type {any} */ { State }) => State !== "created")
        .flatMap((/** @type {any} */ { Id, Names }) =>
            Names.map((/** @type {string} */ name) => ({ name: name.slice(1), id: Id })),
        )
        .filter((/** @type {any} */ { name }) => names.includes(name));
}

/**
 * Those that run.
 * @param {EngineApi} engine
 * @returns {Promise<any[]>}
 */
async function containersOf(engine) {
    const listed = await engine.get("/containers/json");
    const inspected = await Promise.all(
        listed.map((/** @type {any} */ { Id }) => engine.get(`/containers/${Id}/json`)),
    );
    // Some went away in between, as short-lived containers do.
    return inspected.filter(Boolean);
}

/**
 * @param {string} name of a volume
 * @param {any[]} containers those that run
 * @param {(container: any) => boolean} isOwn
 * @param {(adopted: Adopted) => ReturnType<typeof contents>} lookInto
 * @param {readonly Adopted[]} adopted
 */
async function volumeFacts(name, containers, isOwn, lookInto, adopted) {
    const users = containers.filter(({ Mounts }) =>
        Mounts.some((/** @type {any} */ { Type, Name }) => Type === "volume" && Name === name),
    );
    // What its new program works with already needs no look.
    const taken = users.some(isOwn) ? undefined : adopted.find(({ volume }) => volume === name);
    return {
        name,
        usedBy: users.filter((each) => !isOwn(each)).map(({ Name }) => Name.slice(1)),
        ...(taken && (await lookInto(taken))),
    };
}

/**
 * What a volume holds that the stack is about to take over. An empty one takes over the user from the image.
 * @param {EngineApi} engine
 * @param {string} image
 * @param {Adopted} adopted
 * @returns {Promise<{ top: string[], foreign?: string }>} see config/check/dataVolumes.ts
 */
async function contents(engine, image, { volume, userId }) {
    await ensureImage(engine, image);
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

/** What the host's kernel says of its network. */
const cat = ["cat", "/proc/net/tcp", "/proc/net/tcp6", "/proc/net/route"];

/**
 * Asks the host's kernel, from a container in the host's network that sees its file systems: one of the stack's own that runs
 * there, else a new one. Not every engine allows one: then Docker itself says, in the deployment, that a port is taken.
 * @param {EngineApi} engine
 * @param {string} image
 * @param {any[]} own the stack's containers
 */
async function hostView(engine, image, own) {
    const inHost = own.find(({ HostConfig, State }) => HostConfig.NetworkMode === "host" && !State.Restarting);
    try {
        const { tables, sharedRoot } =
            inHost && seesNewMounts(inHost)
                ? { tables: await docker(["exec", inHost.Id, ...cat]), sharedRoot: true }
                : await fromNew(engine, image);
        return { listeners: listeners(tables), routes: routes(tables), sharedRoot };
    } catch {
        return undefined;
    }
}

/** @param {any} inspected */
const seesNewMounts = ({ HostConfig }) =>
    (HostConfig.Mounts ?? []).some(
        (/** @type {any} */ { Source, BindOptions }) => Source === "/" && BindOptions?.Propagation === "rslave",
    );

/**
 * Runs a container that is declared as node_exporter is: whether Docker takes it, it takes that one.
 * @param {EngineApi} engine
 * @param {string} image
 * @returns {Promise<{ tables: string, sharedRoot?: boolean }>}
 */
async function fromNew(engine, image) {
    await ensureImage(engine, image);
    const run = (/** @type {string[]} */ ...options) =>
        docker([
            // Where containers have users of their own, one in the host's network has not.
            ...["run", "--rm", "--network", "host", "--userns", "host", ...options],
            ...["--entrypoint", "cat", image, ...cat.slice(1)],
        ]);
    try {
        const mount = "type=bind,src=/,dst=/host,readonly,bind-propagation=rslave";
        return { tables: await run("--mount", mount), sharedRoot: true };
    } catch (error) {
        const isPrivate = /not a shared or slave mount/.test(String(error));
        return { tables: await run(), ...(isPrivate && { sharedRoot: false }) };
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
