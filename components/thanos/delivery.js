// @ts-check
const { parse } = require("yaml");
const { dockerOutcomeSync, dockerSync } = require("../../toolchain/docker");
const { ToolError } = require("../../toolchain/toolError");
const { asked } = require("../delivery/asking");
const { errorIn, patienceToAnswer, started } = require("../delivery/container");
const { answered, verified } = require("../delivery/verified");

// All components are one program, and answer in the same way. What is verified is what each has: a bucket, endpoints.

/** Where it answers inside its container. */
const port = 10902;

const storage = "/etc/thanos/secrets/objectStorage.yml";
const secrets = "/etc/thanos/secrets";

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
 * It reads its endpoints again by itself, and all else when it starts.
 * @param {string} container
 */
async function load(container) {
    dockerSync(["restart", "--time", patienceToEnd, container]);
    await ready(container);
}

/**
 * Verified means: it was started after the last change of its secrets, its bucket answers, and so do the stack's own endpoints.
 * @param {string} container
 */
async function verify(container) {
    const changed = inside(container, `stat -c %Z ${secrets}/* 2> /dev/null | sort -n | tail -n 1`).stdout;
    const startedAt = Date.parse(dockerSync(["inspect", "--format", "{{.State.StartedAt}}", container]).trim());
    // Of the second in which both happened nobody knows which was first.
    if (Math.floor(startedAt / 1000) <= Number(changed)) {
        await load(container);
    }
    verifyBucket(container);
    const command = dockerSync(["inspect", "--format", "{{index .Args 0}}", container]).trim();
    if (command === "query") {
        await verified(() => missingEndpoint(container), { every: 500 });
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
    const declared = parse(inside(container, "cat /etc/thanos/current/endpoints.yml").stdout);
    const own = declared.endpoints.filter(({ strict }) => strict).map(({ address }) => address);
    const missing = own.find((address) => !known.some(({ name, lastError }) => name === address && !lastError));
    const why = known.find(({ name }) => name === missing)?.lastError;
    return missing && `it does not reach ${missing}${why ? `: ${why}` : ""}`;
}

/**
 * @param {string} container
 * @param {string} script
 */
const inside = (container, script) => dockerOutcomeSync(["exec", container, "sh", "-c", script]);

module.exports = { load, ready, verify };
