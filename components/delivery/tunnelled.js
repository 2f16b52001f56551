// @ts-check
const { text } = require("node:stream/consumers");
const { throughTunnel } = require("./tunnel");
const { run } = require("./step");

// Prints the answers to the requests on stdin, both as JSON, for who waits for them.
run(async () => {
    const { container, port, requests, timeout } = JSON.parse(await text(process.stdin));
    process.stdout.write(JSON.stringify(await throughTunnel(container, port, requests, timeout)));
});
