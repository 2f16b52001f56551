// @ts-check
const { homedir } = require("node:os");
const path = require("node:path");

/**
 * What was provided once stays here, outside the checkout; deleting it costs only time.
 * Source: https://specifications.freedesktop.org/basedir-spec/latest/
 */
const cacheFolder = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "metrics-stack");

module.exports = { cacheFolder };
