// @ts-check
const { homedir } = require("node:os");
const path = require("node:path");

/**
 * What was provided once stays here, outside the checkout; deleting it costs only time. A variable that is empty or names no
 * absolute path counts as unset.
 * Source: https://specifications.freedesktop.org/basedir-spec/latest/
 */
const { XDG_CACHE_HOME = "" } = process.env;
const cacheFolder = path.join(
    path.isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : path.join(homedir(), ".cache"),
    "metrics-stack",
);

module.exports = { cacheFolder };
