import assert from "node:assert/strict";
import { dockerEnvironment } from "../../toolchain/context";
import { adviceFor, sshArguments, unprotected } from "../../toolchain/endpoint";

/** What shells and others say where ssh's PATH does not have docker. */
const notFound = [
    "bash: line 1: docker: command not found",
    "sh: 1: docker: not found",
    "ash: docker: not found",
    "-ash: docker: not found",
    "zsh:1: command not found: docker",
    "csh: docker: Command not found.",
    "fish: Unknown command: docker",
    "env: 'docker': No such file or directory",
    "env: ‘docker’: No such file or directory",
    "'docker' is not recognized as an internal or external command,",
];

describe("A Docker endpoint", () => {
    it("whose host has docker where ssh does not find it: one line says so, whatever shell is there", () => {
        for (const said of notFound) {
            assert.match(
                adviceFor(said)?.advice ?? "",
                /^Install Docker on the host; where .* PATH that ssh has/,
                said,
            );
        }
        assert.match(adviceFor("error during connect: No such file or directory")?.advice ?? "", /^Start it/);
    });

    it("without TLS is for this machine alone", () => {
        for (const DOCKER_HOST of [
            "tcp://web-1:2375",
            "tcp://localhost.example.com:2375",
            "tcp://[2001:db8::1]:2375",
        ]) {
            assert.match(unprotected({ DOCKER_HOST }) ?? "", / is without TLS: /);
            assert.equal(unprotected({ DOCKER_HOST, DOCKER_CERT_PATH: "/certificates" }), undefined);
        }
        for (const DOCKER_HOST of [
            "tcp://localhost:2375",
            "tcp://127.0.0.1:2375",
            "tcp://[::1]:2375",
            "ssh://web-1",
            "",
        ]) {
            assert.equal(unprotected({ DOCKER_HOST }), undefined);
        }
    });

    it("is named to ssh as the docker command line names it", () => {
        const args = sshArguments(new URL("ssh://admin@[::1]:2222/run/user/1000/docker.sock"));
        assert.deepEqual(args.slice(3), [
            ...["-l", "admin", "-p", "2222", "--", "::1"],
            ...["docker", "--host=unix:///run/user/1000/docker.sock", "system", "dial-stdio"],
        ]);
    });

    it("is the same, with the same TLS, for docker and for Pulumi's provider", () => {
        const before = process.env.DOCKER_CERT_PATH;
        process.env.DOCKER_CERT_PATH = "/certificates";
        try {
            assert.deepEqual(dockerEnvironment("tcp://web-1:2376"), {
                DOCKER_HOST: "tcp://web-1:2376",
                DOCKER_CONTEXT: "",
                DOCKER_CERT_PATH: "/certificates",
                DOCKER_TLS_VERIFY: "1",
            });
            const { DOCKER_CERT_PATH, DOCKER_TLS_VERIFY } = dockerEnvironment("ssh://web-1");
            assert.deepEqual([DOCKER_CERT_PATH, DOCKER_TLS_VERIFY], ["", ""]);
        } finally {
            process.env.DOCKER_CERT_PATH = before;
            if (before === undefined) {
                delete process.env.DOCKER_CERT_PATH;
            }
        }
    });
});
