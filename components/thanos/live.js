// @ts-check

// What is known of every component where it runs.

/** Where it answers over HTTP inside of its container: Thanos' own port. */
const port = 10902;

/** Where its configuration is. */
const mountPath = "/etc/thanos";

module.exports = { mountPath, port };
