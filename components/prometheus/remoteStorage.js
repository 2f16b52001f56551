// @ts-check
const { setTimeout: sleep } = require("node:timers/promises");
const { parse } = require("yaml");
const { dockerSync } = require("../../toolchain/docker");
const { ToolError } = require("../../toolchain/toolError");
const { asked } = require("../delivery/asking");
const { errorIn, logs } = require("../delivery/container");
const { setting } = require("../delivery/step");
const { answered, verified } = require("../delivery/verified");
const { patienceToAnswer, port } = require("./live");

// Whether samples arrive where they are sent to, and can be read where they are read from. Only what an activation changed is
// asked: a receiver that is down just now is the business of an alert, and keeps nobody from adding a job.

/** @typedef {{ readonly name: string, readonly url: string, readonly required_matchers?: Readonly<Record<string, string>> }} Remote */
/** @typedef {{ readonly remote_write?: readonly Remote[], readonly remote_read?: readonly Remote[] }} Config */
/** @typedef {{ readonly [state: string]: number }} Samples those of a queue, by what became of them */

/** How long it may take until a sample is sent, in milliseconds: one is scraped or evaluated every minute, as a rule. */
const patienceToSend = 65_000;

/** A message is logged once a minute, whatever it is about: https://github.com/prometheus/prometheus/blob/v3.13.5/util/logging/dedupe.go */
const repeat = 60_000;

/**
 * What was loaded before, and which secret files are not those that were deployed with it. After a first deployment, and after
 * one that failed, nothing is known: then all is new.
 */
const before = `
    cd "$0" && [ -e deployed ] || exit 0
    cat loaded/prometheus.yml && echo @end
    sha256sum secrets/@remote* 2> /dev/null | while read -r line; do
        grep -qxF "$line" deployed || echo "\${line##* }"
    done`;

/**
 * @param {string} container
 * @param {Config} declared
 * @param {string} since when its configuration was loaded
 */
async function remoteStorageAnswers(container, declared, since) {
    if (!declared.remote_write && !declared.remote_read) {
        return;
    }
    const said = dockerSync(["exec", container, "sh", "-c", before, setting("MOUNT_PATH")]);
    const { writes, reads } = changed(declared, said);
    const first = writes.length > 0 ? await firstSent(container, writes) : noReadings;
    const problem = () =>
        notArrived(writes, readings(container), first) ?? (reads.length > 0 ? unreadable(container, reads) : undefined);
    try {
        await verified(problem, { every: 500 });
    } catch (error) {
        throw error instanceof ToolError
            ? new ToolError(`${error.message}${await lastWords(container, writes, since)}`)
            : error;
    }
}

/** @typedef {Remote & { readonly isSameQueue: boolean }} Changed whether only its secrets are others */

/**
 * @param {Config} declared
 * @param {string} said what the script above printed
 * @returns {{ writes: Changed[], reads: Changed[] }}
 */
function changed(declared, said) {
    const [text = "", files = ""] = said.split("@end\n");
    /** @type {Config} */
    const loaded = parse(text) ?? {};
    const others = files.split("\n").filter(Boolean);
    const of = (/** @type {readonly Remote[]} */ all = [], /** @type {readonly Remote[]} */ earlier = []) => {
        const known = new Set(earlier.map((each) => JSON.stringify(each)));
        return all.flatMap((each) => {
            const json = JSON.stringify(each);
            const isSameQueue = known.has(json);
            return isSameQueue && !others.some((file) => json.includes(`/${file}"`)) ? [] : [{ ...each, isSameQueue }];
        });
    };
    return {
        writes: of(declared.remote_write, loaded.remote_write),
        reads: of(declared.remote_read, loaded.remote_read),
    };
}

const states = ["total", "failed_total", "retried_total", "pending"];
const line = /^prometheus_remote_storage_(?:samples|histograms)_(\w+)\{remote_name=("(?:[^"\\]|\\.)*"),.*\} (\S+)$/;

/** @typedef {ReadonlyMap<string, Samples>} Queues by their names */
/** @typedef {readonly [Queues, Queues, Queues]} Readings one after the other */

/** @type {Readings} */
const noReadings = [new Map(), new Map(), new Map()];

/**
 * Prometheus reads its counters one after the other while it sends: no single reading says how many samples have arrived. One docker
 * command asks for all: over ssh each logs in anew.
 * @param {string} container
 * @returns {Readings}
 */
function readings(container) {
    const lines = `^prometheus_remote_storage_(samples|histograms)_(${states.join("|")})[{]`;
    const once = { path: "/metrics", lines };
    const [first, second, third] = asked(container, port, [once, once, once], patienceToAnswer);
    return [queuesIn(first), queuesIn(second), queuesIn(third)];
}

/**
 * @param {string | undefined} said
 * @returns {Queues}
 */
function queuesIn(said = "") {
    /** @type {Map<string, Record<string, number>>} */
    const found = new Map();
    for (const [, state = "", name = '""', count] of said.split("\n").flatMap((each) => [line.exec(each) ?? []])) {
        const queue = found.get(JSON.parse(name)) ?? {};
        found.set(JSON.parse(name), { ...queue, [state]: (queue[state] ?? 0) + Number(count) });
    }
    return found;
}

/**
 * Waits until a sample of each was sent, whatever became of it; one that leaves out all samples sends none.
 * @param {string} container
 * @param {readonly Changed[]} writes
 * @returns {Promise<Readings>} how the queues were before
 */
async function firstSent(container, writes) {
    const deadline = Date.now() + patienceToSend;
    const begun = writes.some(({ isSameQueue }) => isSameQueue) ? readings(container) : noReadings;
    const waits = () => {
        const now = readings(container);
        return writes.some((each) => arrivedOf(now, each.name).sent <= arrivedBefore(begun, each).sent)
            ? "nothing was sent"
            : undefined;
    };
    while (answered(waits) !== undefined && Date.now() < deadline) {
        await sleep(500);
    }
    return begun;
}

/**
 * A batch counts as sent when it is on its way, and as failed or sent again when that is known. What was sent at the first reading and
 * has not arrived is either failed or sent again by the third, or was pending all through the second.
 * @param {Readings} readings
 * @param {string} name
 */
function arrivedOf([first, second, third], name) {
    const none = { total: 0, failed_total: 0, retried_total: 0, pending: 0 };
    const [a, b, c] = [
        { ...none, ...first.get(name) },
        { ...none, ...second.get(name) },
        { ...none, ...third.get(name) },
    ];
    return {
        sent: c.total,
        least: a.total - c.failed_total - c.retried_total - b.pending,
        most: c.total - a.failed_total - a.retried_total,
        refused: c.failed_total,
        sentAgain: c.retried_total,
    };
}

/**
 * A queue with another setting counts anew.
 * @param {Readings} begun
 * @param {Changed} write
 */
const arrivedBefore = (begun, { name, isSameQueue }) => arrivedOf(isSameQueue ? begun : noReadings, name);

/**
 * @param {readonly Changed[]} writes
 * @param {Readings} now
 * @param {Readings} begun
 * @returns {string | undefined}
 */
function notArrived(writes, now, begun) {
    const lost = writes.find((each) => {
        const [is, was] = [arrivedOf(now, each.name), arrivedBefore(begun, each)];
        return is.sent > was.sent && is.least <= was.most;
    });
    if (lost === undefined) {
        return undefined;
    }
    const { refused, sentAgain } = arrivedOf(now, lost.name);
    return `no sample has arrived at ${lost.url}: ${refused} were refused, and ${sentAgain} are sent again.`;
}

/** Longer ago than anybody has samples, in seconds: the own ones are no answer. */
const longAgo = 10 * 365 * 86_400;

/**
 * What is wrong with a remote read is a warning of every query that asks it.
 * @param {string} container
 * @param {readonly Remote[]} reads
 * @returns {string | undefined}
 */
function unreadable(container, reads) {
    const time = Math.floor(Date.now() / 1000) - longAgo;
    const requests = reads.map(({ required_matchers = {} }) => {
        const matchers = Object.entries({ __name__: "up", ...required_matchers }).map(
            ([name, value]) => `${name}=${JSON.stringify(value)}`,
        );
        return { path: `/api/v1/query?time=${time}&query=${encodeURIComponent(`{${matchers.join(",")}}`)}` };
    });
    const answers = asked(container, port, requests, patienceToAnswer);
    const warnings = reads.flatMap(({ url }, i) => {
        /** @type {{ warnings?: string[] }} */
        const { warnings: all = [] } = JSON.parse(answers[i] ?? "{}");
        return all.filter((each) => each.includes(url)).map((each) => `it cannot read from ${url}: ${each}`);
    });
    return warnings[0];
}

/**
 * What Prometheus says of those that it sends to, in its log: it may take until the same was said of another one long enough ago.
 * @param {string} container
 * @param {readonly Changed[]} writes
 * @param {string} since
 */
async function lastWords(container, writes, since) {
    const deadline = Date.now() + repeat;
    for (;;) {
        const lines = logs(container, ["--since", since]).split("\n");
        const errors = writes.flatMap(({ name, url }) => {
            const own = lines.filter((each) => ["component=remote", url, name].every((word) => each.includes(word)));
            return own.flatMap((each) => errorIn(each) ?? []).slice(-1);
        });
        if (errors.length > 0 || writes.length === 0 || Date.now() > deadline) {
            return errors.length > 0 ? `\nPrometheus says: ${errors.join("\n")}` : "";
        }
        await sleep(1000);
    }
}

module.exports = { changed, notArrived, remoteStorageAnswers };
