import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { commands } from "../documentation";
import { images } from "../images";
import { Checkout, docker, freePort } from "./checkout";
import { exporterImages, provideExporters } from "./exporterImages";
import { eventually, PrometheusApi } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";

const passwords = ["first-not-to-be-seen", "second-not-to-be-seen"] as const;

/** A Pushgateway, and exporters of a Redis and a PostgreSQL of another project's network; the steps build on one another. */
describe("Exporters of a stack, for real", function () {
    this.timeout(180_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    const shop = `${checkout.stack}-shop`;
    let prometheus: PrometheusApi;
    let [pushPort, hostPort] = [0, 0];
    const containers = {
        push: checkout.container("exporter-push"),
        redis: checkout.container("exporter-redis"),
        postgres: checkout.container("exporter-postgres"),
    };
    const database = `${shop}-db`;
    const started = (name: keyof typeof containers) =>
        docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}}", containers[name]);

    before(async function () {
        this.timeout(600_000); // Where no image can be pulled, they are made, once.
        await provideExporters();
        prometheus = new PrometheusApi(await freePort());
        [pushPort, hostPort] = await Promise.all([freePort(), freePort()]);
        docker("network", "create", "--subnet", "172.31.249.0/24", shop);
        docker("volume", "create", shop);
        const run = (name: string, ...args: string[]) =>
            docker("run", "--detach", "--name", name, "--network", shop, ...args);
        run(shop, exporterImages.redis, "--requirepass", passwords[0]);
        run(database, "--env", `POSTGRES_PASSWORD=${passwords[0]}`, exporterImages.postgres);
        write("web.yml", "{}\n");
    });
    after(() => {
        checkout.remove();
        docker("rm", "--force", "--volumes", shop, database);
        docker("network", "rm", shop);
        docker("volume", "rm", shop);
    });

    function write(file: string, text: string): void {
        mkdirSync(path.join(checkout.folder, "exporters"), { recursive: true });
        writeFileSync(path.join(checkout.folder, "exporters", file), text);
    }

    async function declare(password: string, more: object[] = []): Promise<void> {
        checkout.declare({
            scrapeInterval: "1s",
            prometheus: { port: prometheus.port },
            nodeExporter: { port: hostPort, collectors: { wifi: false, processes: true }, textfileDirectory: shop },
            grafana: { enabled: false },
            exporters: [
                {
                    ...{ name: "redis", image: exporterImages.redisExporter, port: 9121, joinNetworks: [shop] },
                    ...{ program: ["/redis_exporter"], environment: { REDIS_ADDR: `redis://${shop}:6379` } },
                    secretEnvironment: {},
                },
                {
                    ...{ name: "postgres", image: exporterImages.postgresExporter, port: 9187, joinNetworks: [shop] },
                    environment: {
                        DATA_SOURCE_URI: `${database}:5432/postgres?sslmode=disable`,
                        DATA_SOURCE_USER: "postgres",
                        DATA_SOURCE_PASS_FILE: "/etc/exporter/secrets/password",
                    },
                },
                ...more,
            ],
        });
        await checkout.setSecret("exporters[0].secretEnvironment.REDIS_PASSWORD", password);
        await checkout.setSecret("exporters[1].secretFiles.password", passwords[0]);
    }
    const push = () => ({
        ...{ name: "push", image: exporterImages.pushgateway, port: 9091, publishedPort: pushPort },
        ...{ command: ["--web.config.file=/etc/exporter/current/web.yml"], files: { "web.yml": "exporters/web.yml" } },
        scrapeJob: { honorLabels: true },
    });

    /** Whether an exporter reaches what it asks. */
    const isUp = (name: "redis" | "postgres", metric: string, port: number) =>
        eventually(30_000, async () => {
            const found = await prometheus.query(metric);
            assert.deepEqual(
                found.map(({ metric: labels, value }) => [labels.job, labels.instance, value]),
                [[name, `${containers[name]}:${port}`, 1]],
            );
        });
    const redisIsUp = () => isUp("redis", "redis_up", 9121);

    step("are scraped by their names, and read their passwords from files that Docker does not show", async () => {
        await declare(passwords[0], [push()]);
        const text = await checkout.succeed("up");
        assert.match(text, /^ *redis +http:\/\/\S+-exporter-redis:9121\/metrics +up/m);
        assert.match(text, /^ *postgres +http:\/\/\S+-exporter-postgres:9187\/metrics +up/m);
        assert.match(text, /^ *push +http:\/\/\S+-exporter-push:9091\/metrics +up/m);
        await redisIsUp();
        await isUp("postgres", "pg_up", 9187);
        assert.ok(!docker("inspect", ...Object.values(containers)).includes(passwords[0]));
        await checkout.succeed("preview", "--expect-no-changes");
    });

    step("take what is pushed, with the command of the documentation", async () => {
        const command = commands().find(({ page, text }) => page === "docs/exporters.md" && text.includes("curl"));
        const here = command?.text.replace("9091", String(pushPort)) ?? assert.fail("there is none");
        const { status, text } = await checkout.run("sh", ["-c", here]);
        assert.equal(status, 0, text);
        await eventually(20_000, async () => {
            const [found] = await prometheus.query("backup_last_success_timestamp_seconds");
            assert.equal(found?.metric.job, "backup");
        });
    });

    step("leave what jobs of the host write to node_exporter, with the collectors that are declared", async () => {
        const written = ["run", "--rm", "--user", "0:0", "--volume", `${shop}:/v`, "--entrypoint", "sh"];
        docker(...written, images.prometheus, "-c", "echo 'backup_files 7' > /v/backup.prom");
        await eventually(20_000, async () => {
            const [found] = await prometheus.query("backup_files");
            assert.deepEqual([found?.metric.job, found?.value], ["node_exporter", 7]);
        });
        const collectors = await prometheus.query("node_scrape_collector_success");
        const names = collectors.map(({ metric }) => metric.collector);
        assert.ok(names.includes("processes") && !names.includes("wifi"));
    });

    step("are started again for a changed secret, each alone", async () => {
        const before = [started("redis"), started("push")];
        docker("exec", shop, "redis-cli", "-a", passwords[0], "config", "set", "requirepass", passwords[1]);
        await declare(passwords[1], [push()]);
        await checkout.succeed("up");
        const after = [started("redis"), started("push")];
        assert.equal(after[0]?.split(" ")[0], before[0]?.split(" ")[0], "its container is the same");
        assert.notEqual(after[0], before[0]);
        assert.equal(after[1], before[1]);
        await redisIsUp();
    });

    step("get their previous files back where they do not start with new ones", async () => {
        const before = docker("inspect", "--format", "{{.Id}}", containers.push);
        write("web.yml", "tls_server_config: {cert_file: nowhere, key_file: nowhere}\n");
        const { status, text } = await checkout.npm("up");
        assert.notEqual(status, 0);
        assert.match(text, /exporter-push is \w+, and nothing in it listens on port 9091/);
        assert.match(text, /The previous configuration is in place again and loaded/);
        assert.equal(docker("inspect", "--format", "{{.Id}}", containers.push), before);
        write("web.yml", "{}\n");
        await checkout.succeed("up");
    });

    step("are compared with what was deployed", async () => {
        checkout.inVolume("exporter-push-config", "echo '# by hand' >> current/web.yml");
        // A busy machine may let a scrape of a second's time-out fail, and a target that is down is 2.
        await eventually(60_000, async () => {
            const { status, text } = await checkout.npm("status");
            assert.equal(status, 3, text);
            assert.match(text, /exporter-push-config +somebody changed releases\/\w+\/web\.yml/);
        });
        await checkout.succeed("up");
        await checkout.succeed("preview", "--expect-no-changes");
    });

    step("go back by hand, and go when they are not declared any more", async () => {
        const { text } = await checkout.npm("rollback", "--program", "exporter-push", "--list");
        assert.match(text, /\(current\)/);
        await declare(passwords[1]);
        await checkout.succeed("up");
        const left = docker("ps", "--all", "--format", "{{.Names}}").split("\n");
        assert.ok(left.includes(containers.redis) && !left.includes(containers.push));
    });
});
