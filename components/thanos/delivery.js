// @ts-check
const { createHash } = require("node:crypto");
const { parse } = require("yaml");
const { dockerOutcomeSync, dockerSync } = require("../../toolchain/docker");
const { ToolError } = require("../../toolchain/toolError");
const { asked } = require("../delivery/asking");
const { errorIn, patienceToAnswer, started } = require("../delivery/container");
const { answered, verified } = require("../delivery/verified");
const { mountPath, port } = require("./live");
const ruler = require("./ruler/delivery");

// All components are one program, and answer in the same way. What is verified is what each has: a bucket, endpoints.

const secrets = `${mountPath}/secrets`;
const storage = `${secrets}/objectStorage.yml`;
const ring = `${mountPath}/watched/hashring.json`;

/** How long the bucket may take to answer, in seconds. */
const patience = 30;

/** How long it may take to end before it is killed, in seconds. */
const patienceToEnd = "30";

/**
 * Waits until it works: of the sidecar, until it has found Prometheus; of the store, until it has read the bucket.
 * @param {string} container
 */
const ready = (container) =>
    started(container, () =>
        answered(() => {
            asked(container, port, [{ path: "/-/ready" }], patienceToAnswer);
            return undefined;
        }),
    );

/**
 * Query reads its endpoints again every few seconds, the ruler its rules when it is told to; a hash ring is a file that is watched. All
 * else is read at the start.
 * @param {string} container
 */
const load = (container) => (loading[commandOf(container)] ?? restart)(container);

/** @type {Readonly<Record<string, (container: string) => unknown>>} */
const loading = { query: ready, rule: ruler.load };

/** @param {string} container */
const commandOf = (container) => dockerSync(["inspect", "--format", "{{index .Args 0}}", container]).trim();

/** @param {string} container */
async function restart(container) {
    dockerSync(["restart", "--time", patienceToEnd, container]);
    await ready(container);
}

/**
 * Verified means: it was started after the last change of its secrets, its bucket answers, and so do the stack's own endpoints; of
 * a hash ring, that it is the one that was read; of rules, that each is there.
 * @param {string} container
 */
async function verify(container) {
    const changed = inside(container, `stat -c %Z ${secrets}/* 2> /dev/null | sort -n | tail -n 1`).stdout;
    const startedAt = Date.parse(dockerSync(["inspect", "--format", "{{.State.StartedAt}}", container]).trim());
    // Of the second in which both happened nobody knows which was first.
    if (Math.floor(startedAt / 1000) <= Number(changed)) {
        await restart(container);
    }
    verifyBucket(container);
    const question = { query: missingEndpoint, receive: unreadRing, rule: ruler.missingRule }[commandOf(container)];
    if (question) {
        await verified(() => question(container), { every: 500 });
    }
}

/**
 * Has Thanos' own tool list the bucket: a wrong name, key or host would else show in the log alone, hours later.
 * Source: https://thanos.io/tip/components/tools.md/#bucket-ls
 * @param {string} container
 */
function verifyBucket(container) {
    const { status, stdout, stderr } = inside(
        container,
        `[ -e ${storage} ] || exit 0
        [ ! -d /bucket ] || [ -w /bucket ] || { echo 'err="user 65534 may not write into it"' >&2; exit 1; }
        timeout ${patience} thanos tools bucket ls --objstore.config-file=${storage}`,
    );
    if (status !== 0) {
        const lines = `${stdout}${stderr}`.trim().split("\n");
        const words = lines.flatMap((line) => errorIn(line) ?? []).at(-1) ?? lines.at(-1);
        throw new ToolError(
            `thanos.objectStorage cannot be used: ${words || `it did not answer within ${patience} s`}`,
        );
    }
}

/**
 * @param {string} container
 * @returns {string | undefined} what is wrong with the stack's own endpoints
 */
function missingEndpoint(container) {
    const [said = ""] = asked(container, port, [{ path: "/api/v1/stores" }], patienceToAnswer);
    /** @type {Record<string, { name: string, lastError: unknown }[]>} */
    const stores = JSON.parse(said).data ?? {};
    const known = Object.values(stores).flat();
    /** @type {{ endpoints: { address: string, strict?: boolean }[] }} */
    const declared = parse(inside(container, `cat ${mountPath}/current/endpoints.yml`).stdout);
    const own = declared.endpoints.filter(({ strict }) => strict).map(({ address }) => address);
    const missing = own.find((address) => !known.some(({ name, lastError }) => name === address && !lastError));
    const why = known.find(({ name }) => name === missing)?.lastError;
    return missing && `it does not reach ${missing}${why ? `: ${why}` : ""}`;
}

/**
 * Source of the checksum: `hashAsMetricValue` of https://github.com/thanos-io/thanos/blob/v0.42.4/pkg/receive/config.go
 * @param {string} container
 * @returns {string | undefined} what is wrong with its hash ring
 */
function unreadRing(container) {
    const metric = "thanos_receive_config_hash";
    const [said = ""] = asked(container, port, [{ path: "/metrics", lines: `^${metric} ` }], patienceToAnswer);
    const declared = createHash("sha256")
        .update(inside(container, `cat ${ring}`).stdout)
        .digest()
        .readUIntLE(0, 6);
    return Number(said.replace(metric, "")) === declared ? undefined : "it has not read its hash ring";
}

/**
 * @param {string} container
 * @param {string} script
 */
const inside = (container, script) => dockerOutcomeSync(["exec", container, "sh", "-c", script]);

module.exports = { check: ruler.check, load, ready, verify };
