import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { throughTunnel } from "../../../components/delivery/tunnel";
import { stringify } from "yaml";
import { ToolError } from "../../../toolchain/process";
import { certificate, privateKey } from "../../certificates";

/** A docker whose container is this machine: what the stack asks with is said, and a connection to the port follows. */
const docker = (client: object) => `#!${process.execPath}
process.stdout.write(${JSON.stringify(`${stringify(client)}\n@\n`)});
const socket = require("node:net").connect(Number(process.argv.at(-1)), "127.0.0.1");
process.stdin.pipe(socket).pipe(process.stdout);
`;

describe("A program with a certificate or users of its own", () => {
    let folder: string;
    const searched = process.env.PATH;
    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-tunnel-"));
        process.env.PATH = `${folder}:${searched}`;
    });
    afterEach(() => {
        process.env.PATH = searched;
        rmSync(folder, { recursive: true });
    });

    const login = { basic_auth: { username: "metrics-stack", password: "hunter2" } };
    const answers: RequestListener = (request, response) => {
        const { headers, url = "", method = "" } = request;
        const expected = `Basic ${Buffer.from("metrics-stack:hunter2").toString("base64")}`;
        response.statusCode = headers.authorization === expected ? (url === "/broken" ? 500 : 200) : 401;
        if (url === "/alerts") {
            response.setHeader("Content-Type", String(headers["content-type"]));
            return void request.pipe(response);
        }
        response.end(url === "/metrics" ? "a 1\nb 2\nab 3\n" : `${method} ${url}${"x".repeat(100_000)}`);
    };

    async function ask(client: object, requests: Parameters<typeof throughTunnel>[2], isTls: boolean) {
        const server = isTls
            ? createTlsServer({ cert: certificate, key: privateKey, minVersion: "TLSv1.3" }, answers)
            : createServer(answers);
        let connections = 0;
        server.on("connection", () => (connections += 1));
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const file = path.join(folder, "docker");
        writeFileSync(file, docker(client));
        chmodSync(file, 0o700);
        try {
            const { port } = server.address() as AddressInfo;
            return { said: await throughTunnel("prometheus", port, requests, 10_000), connections };
        } finally {
            server.close();
        }
    }

    const tls = { tls_config: { insecure_skip_verify: true } };
    for (const [what, client, isTls] of [
        ["over HTTP", login, false],
        ["over TLS", { ...login, ...tls }, true],
    ] as const) {
        it(`is asked ${what} with a login, all over one connection`, async () => {
            const requests = [
                { path: "/a" },
                { path: "/-/reload", method: "POST" as const },
                { path: "/alerts", method: "POST" as const, json: [{ labels: { a: "été" } }] },
                { path: "/metrics", lines: "^a|3$" },
            ];
            const { said, connections } = await ask(client, requests, isTls);
            assert.deepEqual(
                said.map((answer) => answer.replace(/x+$/, "")),
                ["GET /a", "POST /-/reload", '[{"labels":{"a":"été"}}]', "a 1\nab 3\n"],
            );
            assert.equal(connections, 1);
        });
    }

    for (const [what, client, isTls, words] of [
        ["refuses the login", {}, false, /^HTTP 401: GET \/broken/],
        ["fails", login, false, /^HTTP 500: GET \/broken/],
        ["speaks something else", { ...login, ...tls }, false, /^no answer: .*wrong version number/s],
        ["closes the connection", login, true, /^(no answer: |the connection was closed)/],
    ] as const) {
        it(`says what is wrong where it ${what}`, () =>
            assert.rejects(
                ask(client, [{ path: "/broken" }], isTls),
                (error) => error instanceof ToolError && words.test(error.message),
            ));
    }
});
