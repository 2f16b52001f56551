// @ts-check
const { healthy } = require("./container");
const { run, setting } = require("./step");

// Waits until a container without a configuration of its own is healthy.
run(() => healthy(setting("CONTAINER")));
