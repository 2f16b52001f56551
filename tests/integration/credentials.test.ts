import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage, RequestListener } from "node:http";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Server } from "node:net";
import * as path from "node:path";
import { images } from "../images";
import { Authority } from "./authority";
import { Checkout, docker, freePort } from "./checkout";
import { eventually, PrometheusApi } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";
import { watch } from "./watch";

const password = "password-not-to-be-seen";
const token = "token-not-to-be-seen";
const [nextPassword, nextToken] = ["another-password-not-to-be-seen", "another-token-not-to-be-seen"];

/** Services that show their metrics only to who knows something; nobody else gets to know it. */
describe("Targets behind credentials", function () {
    this.timeout(120_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    const certificates = new Authority();
    const servers: Server[] = [];
    const seen: string[] = [];
    let prometheus: PrometheusApi;
    let gateway: string;

    before(async () => {
        prometheus = new PrometheusApi(await freePort());
        checkout.declare(base());
        await checkout.succeed("up");
        const format = "{{(index .IPAM.Config 0).Gateway}}";
        gateway = docker("network", "inspect", "--format", format, `metrics-stack-${checkout.stack}`);
    });

    after(() => {
        servers.forEach((server) => server.close());
        certificates.remove();
        checkout.remove();
    });

    const base = () => ({
        scrapeInterval: "1s",
        prometheus: { port: prometheus.port },
        nodeExporter: { enabled: false },
        grafana: { enabled: false },
    });

    /** Answers with metrics where a request is allowed. */
    const metrics =
        (allowed: (request: IncomingMessage) => boolean): RequestListener =>
        (request, response) => {
            response.statusCode = allowed(request) ? 200 : 401;
            response.setHeader("Content-Type", "text/plain; version=0.0.4");
            response.end("private_metric 1\n");
        };

    /** Listens on the Docker host's address in the stack's network. @returns host:port, as Prometheus finds it */
    async function listen(server: Server): Promise<string> {
        servers.push(server);
        await new Promise<void>((resolve) => server.listen(0, gateway, resolve));
        return `host.docker.internal:${(server.address() as { port: number }).port}`;
    }

    step("are scraped: a password, a token, and a certificate of a private authority on both sides", async () => {
        const basic = `Basic ${Buffer.from(`scraper:${password}`).toString("base64")}`;
        const { ca, server, client } = certificates;
        const tls = { ...server, ca, requestCert: true, rejectUnauthorized: true };
        const targets = {
            password: await listen(createServer(metrics(({ headers }) => headers.authorization === basic))),
            token: await listen(createServer(metrics(({ headers }) => headers.authorization === `Bearer ${token}`))),
            certificate: await listen(
                createTlsServer(
                    tls,
                    metrics(() => true),
                ),
            ),
        };
        const job = (jobName: keyof typeof targets, rest: object) => ({
            jobName,
            staticConfigs: [{ targets: [targets[jobName]] }],
            ...rest,
        });
        checkout.declare({
            ...base(),
            scrapeJobs: [
                job("password", { basicAuth: { username: "scraper" } }),
                job("token", { authorization: {} }),
                job("certificate", {
                    scheme: "https",
                    tlsConfig: { ca, cert: client.cert, serverName: "metrics.test" },
                }),
            ],
        });
        await checkout.setSecret("scrapeJobs[0].basicAuth.password", password);
        await checkout.setSecret("scrapeJobs[1].authorization.credentials", token);
        await checkout.setSecret("scrapeJobs[2].tlsConfig.key", client.key);

        const watched = watch(checkout);
        seen.push(await checkout.succeed("up"), ...(await watched()));
        assert.deepEqual(await prometheus.health(), ["certificate up", "password up", "prometheus up", "token up"]);
    });

    step("keep their secrets as files that only Prometheus' user can read", () => {
        const list = docker("exec", checkout.container("prometheus"), "ls", "-ln", "/etc/prometheus/secrets");
        const files = list.split("\n").slice(1);
        assert.equal(files.length, 4, list);
        files.forEach((line) => assert.match(line, /^-r-------- +1 65534 +0 /));
    });

    step(
        "and nowhere else: not in a log, a process list, docker inspect, the stack file, the plain state or a preview",
        async () => {
            seen.push(
                await checkout.succeed("preview", "--diff"),
                docker("logs", checkout.container("prometheus")),
                docker("exec", checkout.container("prometheus"), "cat", "/etc/prometheus/current/prometheus.yml"),
                readFileSync(path.join(checkout.folder, `Pulumi.${checkout.stack}.yaml`), "utf8"),
                ...checkout.files(".state").map((file) => readFileSync(file, "utf8")),
                await prometheus.config(),
            );
            const keyText = certificates.client.key.split("\n")[1] ?? "";
            for (const secret of [password, token, keyText]) {
                assert.ok(secret.length > 10);
                for (const form of [secret, Buffer.from(secret).toString("base64").slice(0, -4)]) {
                    assert.equal(seen.filter((text) => text.includes(form)).length, 0);
                }
            }
        },
    );

    it("would be seen by that watch on a command line, or in a container's environment", async () => {
        const watched = watch(checkout);
        const command = ["run", "--rm", "--env", `X=${token}`, "--entrypoint", "sleep", images.prometheus, "2"];
        assert.equal((await checkout.run("docker", command)).status, 0);
        const told = (await watched()).filter((text) => text.includes(token));
        assert.ok(told.some((text) => text.startsWith("docker\0run")));
        assert.ok(told.some((text) => text.startsWith("[")));
    });

    step(
        "are in no preview of a secret that changes and of a job that is renamed: neither the old one nor the new",
        async () => {
            const file = path.join(checkout.folder, `Pulumi.${checkout.stack}.yaml`);
            const declared = readFileSync(file, "utf8");
            await checkout.setSecret("scrapeJobs[0].basicAuth.password", nextPassword);
            await checkout.setSecret("scrapeJobs[1].authorization.credentials", nextToken);
            writeFileSync(file, readFileSync(file, "utf8").replace("jobName: token", "jobName: renamed"));
            const events = path.join(checkout.folder, "events");
            checkout.environment.PULUMI_DEBUG_COMMANDS = "true"; // Without it the CLI does not know --event-log.
            const shown = {
                "preview --diff": await checkout.succeed("preview", "--diff", "--event-log", events),
                "preview --json": await checkout.succeed("preview", "--json"),
                "stack export": await checkout.succeed("pulumi", "stack", "export"),
                "the event log": readFileSync(events, "utf8"),
            };
            assert.match(shown["preview --diff"], /renamed/);
            for (const secret of [password, token, nextPassword, nextToken]) {
                const showing = Object.entries(shown).filter(([, text]) => text.includes(secret));
                assert.deepEqual(
                    Object.fromEntries(showing.map(([where, text]) => [where, excerpt(text, secret)])),
                    {},
                );
            }
            delete checkout.environment.PULUMI_DEBUG_COMMANDS;
            writeFileSync(file, declared);
        },
    );

    step("are scraped with another password as soon as it is deployed", async () => {
        const file = path.join(checkout.folder, `Pulumi.${checkout.stack}.yaml`);
        const before = checkout.containers();
        await checkout.setSecret("scrapeJobs[1].authorization.credentials", "another");
        assert.match(readFileSync(file, "utf8"), /secure:/);
        await checkout.npm("pulumi", "up", "--yes", "--skip-preview");
        await eventually(20_000, async () => assert.ok((await prometheus.health()).includes("token down")));
        await checkout.setSecret("scrapeJobs[1].authorization.credentials", token);
        await checkout.succeed("up");
        assert.ok((await prometheus.health()).includes("token up"));
        assert.equal(checkout.containers(), before);
    });
});

/** Some of what stands around a text. */
function excerpt(text: string, sought: string): string {
    const at = text.indexOf(sought);
    return text.slice(Math.max(0, at - 300), at + 100);
}
