import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { followContext } from "../../components/dockerHost";
import { dockerEndpoint } from "../../config";

/** With a docker command line whose context in use is the one that a test chooses. */
describe("Plain Pulumi", () => {
    const variables = [
        "PATH",
        "DOCKER_HOST",
        "DOCKER_CONTEXT",
        "DOCKER_CONFIG",
        "DOCKER_CERT_PATH",
        "ANSWERS",
        "NOTES",
    ];
    const usual = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
    let folder: string;

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-context-"));
        copyFileSync(path.join(__dirname, "..", "engineDouble.js"), path.join(folder, "docker"));
        writeFileSync(path.join(folder, "config.json"), JSON.stringify({ currentContext: "chosen" }));
        variables.forEach((name) => delete process.env[name]);
        Object.assign(process.env, {
            ...{ PATH: `${folder}:${usual.PATH}`, DOCKER_CONFIG: folder, NOTES: path.join(folder, "notes") },
        });
    });

    afterEach(() => {
        variables.forEach((name) => delete process.env[name]);
        Object.entries(usual).forEach(([name, value]) => value !== undefined && (process.env[name] = value));
        rmSync(folder, { recursive: true });
    });

    /** The docker command line says what it says of the context in use. */
    const use = (endpoint: string) =>
        (process.env.ANSWERS = JSON.stringify({ context: `${endpoint}\n${folder}/docker-tls\n` }));

    it("follows the docker context in use, as the docker command line does", () => {
        use("unix:///run/user/1000/docker.sock");
        followContext(undefined);
        assert.equal(dockerEndpoint(undefined), "unix:///run/user/1000/docker.sock");
    });

    it("goes to the endpoint of the stack, or of DOCKER_HOST, before any context", () => {
        use("unix:///run/user/1000/docker.sock");
        followContext("ssh://web-1");
        assert.equal(dockerEndpoint("ssh://web-1"), "ssh://web-1");
        process.env.DOCKER_HOST = "ssh://web-2";
        followContext(undefined);
        assert.equal(dockerEndpoint(undefined), "ssh://web-2");
    });

    it("goes to the local socket where that is the context in use, or nobody chose one", () => {
        use("unix:///var/run/docker.sock");
        followContext(undefined);
        assert.equal(dockerEndpoint(undefined), undefined);
        use("unix:///run/user/1000/docker.sock");
        writeFileSync(path.join(folder, "config.json"), "{}");
        followContext(undefined);
        assert.equal(dockerEndpoint(undefined), undefined);
    });

    it("refuses a context with certificates, which its provider does not find, and says what to set", () => {
        use("tcp://web-1:2376");
        mkdirSync(path.join(folder, "docker-tls"));
        writeFileSync(path.join(folder, "docker-tls", "cert.pem"), "");
        assert.throws(
            () => followContext(undefined),
            /certificates.* set DOCKER_HOST=tcp:\/\/web-1:2376 DOCKER_CERT_PATH=\S+docker-tls /,
        );
        process.env.DOCKER_CERT_PATH = path.join(folder, "docker-tls");
        followContext(undefined);
        assert.equal(dockerEndpoint(undefined), "tcp://web-1:2376");
    });
});
