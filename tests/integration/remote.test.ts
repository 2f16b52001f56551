import assert from "node:assert/strict";
import { images } from "../images";
import { Authority } from "./authority";
import { Checkout, docker } from "./checkout";
import { Engine, needsSecondEngine } from "./engine";
import { PrometheusInside } from "./prometheusApi";
import { SshServer } from "./sshServer";
import { DockerStandIn } from "./standIn";
import { steps, stopAtFailure } from "./steps";
import { toItself } from "./toItself";

/** How the targets are with one target of the job self. */
const oneTarget = ["node_exporter up", "prometheus up", "self up"];

/** A Docker engine on another host, reached over ssh and over TLS. Neither Prometheus' port nor a file of the host is. */
describe("A remote Docker host", function () {
    this.timeout(300_000);

    const authority = new Authority();
    const strangers = new Authority();
    let engine: Engine;
    let ssh: SshServer;
    let certificates: Record<"own" | "strange" | "untrusting", string>;

    before(async function () {
        needsSecondEngine(this);
        engine = new Engine(authority);
        ssh = await SshServer.started(engine);
        certificates = {
            own: authority.certificateFolder("own", authority.client),
            strange: strangers.certificateFolder("strange", strangers.client, authority),
            untrusting: authority.certificateFolder("untrusting", authority.client, strangers),
        };
        await engine.load(images.prometheus, images.nodeExporter);
    });

    after(async () => {
        (ssh as SshServer | undefined)?.remove();
        await (engine as Engine | undefined)?.remove();
        authority.remove();
        strangers.remove();
    });

    const reachable = {
        "ssh://": () => ({ dockerHost: `ssh://operator@${ssh.name}`, environment: {} }),
        "tcp:// with TLS": () => ({
            dockerHost: `tcp://${engine.address}:2376`,
            environment: { DOCKER_CERT_PATH: certificates.own, DOCKER_TLS_VERIFY: "1" },
        }),
    };

    const declaration = (dockerHost: string, targets: readonly string[], interval = "1s") => ({
        dockerHost,
        scrapeInterval: interval,
        retainData: false,
        grafana: { enabled: false },
        scrapeJobs: [{ jobName: "self", staticConfigs: [{ targets }], ...toItself }],
    });

    for (const [kind, endpoint] of Object.entries(reachable)) {
        describe(`over ${kind}`, function () {
            stopAtFailure(this);
            const step = steps();
            let checkout: Checkout;
            let standIn: DockerStandIn;
            let prometheus: PrometheusInside;

            before(() => {
                checkout = new Checkout();
                standIn = new DockerStandIn(checkout);
                Object.assign(checkout.environment, ssh.environment(), endpoint().environment);
                prometheus = new PrometheusInside(
                    (...args) => engine.docker(...args),
                    checkout.container("prometheus"),
                );
            });

            after(() => {
                ssh.start();
                checkout.remove();
                standIn.remove();
            });

            const declare = (targets: readonly string[], interval?: string) =>
                checkout.declare(declaration(endpoint().dockerHost, targets, interval));
            const startedAt = () =>
                engine.docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}}", checkout.container("prometheus"));

            /** What the stack has on an engine. */
            const objects = (ask: (...args: string[]) => string) =>
                [
                    ["ps", "--all"],
                    ["network", "ls"],
                    ["volume", "ls"],
                ]
                    .map((list) => ask(...list, "--quiet", "--filter", `label=metrics-stack.stack=${checkout.stack}`))
                    .filter((ids) => ids !== "");

            step("is deployed to, and the `instance` of its metrics is the engine's own name", async () => {
                declare(["127.0.0.1:9090"]);
                await checkout.succeed("up");
                assert.deepEqual(await prometheus.health(), oneTarget);
                const [host] = await prometheus.query("node_uname_info");
                assert.equal(host?.metric.instance, engine.docker("info", "--format", "{{.Name}}"));
                assert.deepEqual(objects(docker), []);
            });

            step("takes a changed target without a restart, and then has nothing to do", async () => {
                const before = startedAt();
                declare(["127.0.0.1:9090", "127.0.0.2:9090"]);
                await checkout.succeed("up");
                assert.deepEqual(await prometheus.health(), [...oneTarget, "self up"]);
                assert.equal(startedAt(), before);
                await checkout.succeed("up", "--expect-no-changes");
            });

            step("shows what somebody changed there, and has it put right", async () => {
                const volume = `${checkout.container("prometheus-config")}:/v`;
                const edit = ["--user", "0:0", "--volume", volume, "--entrypoint", "sh", images.prometheus];
                engine.docker("run", "--rm", ...edit, "-c", "echo > /v/targets/self.yml");
                engine.docker("stop", checkout.container("node-exporter"));
                const preview = await checkout.succeed("preview", "--diff");
                assert.match(preview, /somebody changed targets\/self\.yml/);
                assert.match(preview, /docker:index\/container:Container: \((update|replace)\)\s.*node-exporter/s);
                await checkout.succeed("up");
                assert.deepEqual(await prometheus.health(), [...oneTarget, "self up"]);
            });

            step("is unchanged by a refresh", async () => {
                await checkout.succeed("pulumi", "refresh", "--yes", "--expect-no-changes");
                await checkout.succeed("preview", "--expect-no-changes");
            });

            if (kind === "ssh://") {
                step("is lost in the middle of a delivery: one message, and the next up comes to the end", async () => {
                    declare(["127.0.0.1:9090"], "2s");
                    const { status, text } = await standIn.at(" sh switch ", { before: ssh.kill }, () =>
                        checkout.npm("up"),
                    );
                    assert.notEqual(status, 0, text);
                    assert.match(text, /ssh: connect to host \S+ port 22: Connection refused/);
                    assert.doesNotMatch(text, /^\s+at .*:\d+:\d+\)?$/m, "a stack trace");
                    assert.equal(await prometheus.scrapeInterval(), "1s");
                    ssh.start();
                    await checkout.succeed("up");
                    assert.equal(await prometheus.scrapeInterval(), "2s");
                });
            }

            step("is left as it was found", async () => {
                await checkout.succeed("down");
                assert.deepEqual(objects(engine.docker.bind(engine)), []);
                assert.deepEqual(objects(docker), []);
            });
        });
    }

    describe("that cannot be used: one line says why, and nothing is changed", function () {
        let checkout: Checkout;
        let usual: NodeJS.ProcessEnv;

        before(() => {
            checkout = new Checkout();
            usual = { ...checkout.environment, DOCKER_CERT_PATH: "", DOCKER_TLS_VERIFY: "" };
            ssh.start();
            engine.drop(2222);
        });

        after(() => checkout.remove());

        const operator = () => `ssh://operator@${ssh.name}`;
        const tls = () => `tcp://${engine.address}:2376`;
        const own = () => ({ DOCKER_CERT_PATH: certificates.own });

        const failures: [what: string, endpoint: () => string, environment: () => object, said: RegExp][] = [
            [
                "an unknown name",
                () => "ssh://operator@web-1.invalid",
                () => ({}),
                /ssh: Could not resolve hostname web-1\.invalid: .*\. Check the name/,
            ],
            [
                "a host that is silent",
                () => `${operator()}:2222`,
                () => ({}),
                /port 2222: Connection timed out\. Check that the host is up/,
            ],
            ["no sshd", () => `${operator()}:2223`, () => ({}), /port 2223: Connection refused\. Start it/],
            [
                "a key that is refused",
                operator,
                () => ssh.environment({ identity: "strange" }),
                /Permission denied \(publickey.*\)\. The ssh server takes none of your keys/,
            ],
            [
                "a host key that is not known",
                operator,
                () => ssh.environment({ knownHosts: "known_hosts.none" }),
                /Host key verification failed\. Log in once/,
            ],
            [
                "a host key that has changed",
                operator,
                () => ssh.environment({ knownHosts: "known_hosts.changed" }),
                /Host key verification failed\. Find out why/,
            ],
            ["no docker", () => `ssh://bare@${ssh.name}`, () => ({}), /docker: not found\. Install Docker on the host/],
            [
                "a user who may not use the socket",
                () => `ssh://guest@${ssh.name}`,
                () => ({}),
                /docker\.sock: connect: permission denied\. .*group docker/,
            ],
            [
                "a certificate that the engine does not take",
                tls,
                () => ({ DOCKER_CERT_PATH: certificates.strange }),
                /tls: .*certificate.*\. The engine does not take the certificate in DOCKER_CERT_PATH/,
            ],
            [
                "an engine that is not trusted",
                tls,
                () => ({ DOCKER_CERT_PATH: certificates.untrusting }),
                /x509: certificate signed by unknown authority .*ca\.pem of DOCKER_CERT_PATH/,
            ],
            [
                "no certificate",
                tls,
                () => ({ DOCKER_CERT_PATH: "/nowhere" }),
                /ca\.pem: no such file or directory\. DOCKER_CERT_PATH has to be a folder/,
            ],
            ["no TLS", tls, () => ({}), /is without TLS: whoever reaches that port is root on its host/],
            ["nobody who listens", () => `tcp://${engine.address}:2377`, own, /ECONNREFUSED .*2377\. Start it/],
            [
                "something else that listens",
                () => `tcp://${engine.address}:22`,
                own,
                /first record does not look like a TLS handshake\. The engine speaks no TLS there/,
            ],
        ];
        for (const [what, endpoint, environment, said] of failures) {
            it(what, async () => {
                Object.assign(checkout.environment, usual, ssh.environment(), environment());
                checkout.declare(declaration(endpoint(), ["127.0.0.1:9090"]));
                for (const script of what === "a key that is refused" ? ["preview", "up"] : ["preview"]) {
                    const { status, text } = await checkout.npm(script);
                    assert.notEqual(status, 0);
                    assert.match(text, said);
                    const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("Waiting for"));
                    assert.equal(lines.length, 1, text);
                }
            });
        }

        it("DOCKER_HOST without TLS is a warning: it may be this job's own engine", async () => {
            Object.assign(checkout.environment, usual, { DOCKER_HOST: tls() });
            const { dockerHost: _, ...undeclared } = declaration("", ["127.0.0.1:9090"]);
            checkout.declare(undeclared);
            const { status, text } = await checkout.npm("preview");
            assert.notEqual(status, 0);
            assert.match(text, /^Warning: tcp:\S+ is without TLS/m);
            assert.match(text, /Client sent an HTTP request to an HTTPS server\. The engine wants TLS/);
        });

        describe("also by plain Pulumi", () => {
            /** What a user without the npm scripts runs, with a state of its own. */
            async function pulumi(endpoint: string, environment: object, ...args: string[]) {
                delete checkout.environment.DOCKER_HOST;
                Object.assign(checkout.environment, usual, ssh.environment(), environment, {
                    PULUMI_BACKEND_URL: `file://${checkout.folder}`,
                    PULUMI_CONFIG_PASSPHRASE: "test",
                });
                checkout.declare(declaration(endpoint, ["127.0.0.1:9090"]));
                await checkout.run("pulumi", ["stack", "select", "--create", checkout.stack]);
                return checkout.run("pulumi", [...args, "--non-interactive"]);
            }

            it("a host that may come back: a preview warns, and a deployment fails before it has begun", async () => {
                const endpoint = `${operator()}:2223`;
                const preview = await pulumi(endpoint, {}, "preview");
                assert.equal(preview.status, 0, preview.text);
                assert.match(preview.text, /Nothing was checked on the Docker host\. .*Connection refused/);
                const up = await pulumi(endpoint, {}, "up", "--yes", "--skip-preview");
                assert.notEqual(up.status, 0);
                assert.match(up.text, /Connection refused\. Start it.* Nothing was changed\./);
                assert.doesNotMatch(up.text, /docker:index|^\s+at .*:\d+:\d+\)?$/m, "a resource, or a stack trace");
            });

            it("a refused key: a preview fails too", async () => {
                const { status, text } = await pulumi(operator(), ssh.environment({ identity: "strange" }), "preview");
                assert.notEqual(status, 0);
                assert.match(text, /Permission denied \(publickey.* Nothing was changed\./);
            });

            it("TLS that only one of Pulumi's provider and docker would speak", async () => {
                const { status, text } = await pulumi(tls(), own(), "preview");
                assert.notEqual(status, 0);
                assert.match(text, /needs DOCKER_CERT_PATH and DOCKER_TLS_VERIFY: DOCKER_TLS_VERIFY is not set/);
            });
        });
    });
});
