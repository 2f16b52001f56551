#!/usr/bin/env node
// @ts-check
// Stands in for the docker command line. It notes each command in $NOTES, a line of JSON each. `system dial-stdio` serves what
// $ANSWERS has for a path, as JSON; any other command prints what it has for the command's first word, or fails.
const { appendFileSync } = require("node:fs");
const { createServer } = require("node:http");
const { Duplex } = require("node:stream");

const { NOTES = "", ANSWERS = "{}" } = process.env;
const answers = JSON.parse(ANSWERS);
const args = process.argv.slice(2);
appendFileSync(NOTES, `${JSON.stringify(args)}\n`);

if (args.join(" ") === "system dial-stdio") {
    const connection = Duplex.from({ readable: process.stdin, writable: process.stdout });
    const server = createServer((request, response) => {
        const found = answers[request.url ?? ""];
        response.statusCode = found === undefined ? 404 : (found.status ?? 200);
        response.end(JSON.stringify(found ?? { message: "no such thing" }));
    });
    // Of a socket a server wants these, and some of its addresses.
    const nothing = () => connection;
    server.emit("connection", Object.assign(connection, { setTimeout: nothing, setNoDelay: nothing }));
} else if (answers[args[0] ?? ""] === undefined) {
    process.stderr.write(`${args[0]} is refused\n`);
    process.exitCode = 1;
} else {
    process.stdout.write(answers[args[0] ?? ""]);
}
