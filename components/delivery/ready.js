// @ts-check
const { run, setting } = require("../../toolchain/docker");
const { healthy } = require("./healthy");

// Waits until a container without a configuration of its own is healthy.
run(() => healthy(setting("CONTAINER")));
