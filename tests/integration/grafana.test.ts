import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { images } from "../images";
import { askGrafana } from "./askGrafana";
import { Checkout, docker, freePort } from "./checkout";
import { grafanaImage, isDouble, provideGrafana, removeDouble } from "./grafanaImage";
import { OtherGrafana } from "./otherGrafana";
import { eventually } from "./prometheusApi";
import { DockerStandIn } from "./standIn";
import { steps, stopAtFailure } from "./steps";
import { watch } from "./watch";
import { toItself } from "./toItself";

const manual = path.join(__dirname, "..", "..", "docs", "grafana.md");

describe(`Grafana, ${isDouble ? "as a double of it" : "for real"}`, function () {
    this.timeout(300_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    const standIn = new DockerStandIn(checkout);
    const other = new OtherGrafana(checkout.container("other-grafana"));
    let grafana: string;
    let password: string;
    let declaration: Record<string, unknown>;

    before(async () => {
        await provideGrafana();
        const [prometheusPort, port] = await Promise.all([freePort(), freePort()]);
        grafana = `http://127.0.0.1:${port}`;
        declaration = {
            prometheus: { port: prometheusPort },
            nodeExporter: { enabled: false },
            grafana: { port, image: grafanaImage },
        };
        checkout.declare(declaration);
    });

    after(() => {
        checkout.remove();
        other.remove();
        standIn.remove();
        removeDouble();
    });

    const authorization = (user: string, secret: string) =>
        `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
    const get = async (api: string, user = "admin", secret = password) => {
        const response = await fetch(`${grafana}/api/${api}`, {
            headers: { authorization: authorization(user, secret) },
        });
        return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    const succeed = (script: string, ...args: string[]) => checkout.succeed(script, ...args);
    const readPassword = async () =>
        (await succeed("pulumi", "stack", "output", "grafanaAdminPassword", "--show-secrets"))
            .trim()
            .split("\n")
            .at(-1) ?? "";

    step("comes up, and says where it is and how to get in", async () => {
        const text = await succeed("up");
        assert.match(text, new RegExp(`Grafana +${grafana}`));
        assert.match(text, /stack output grafanaAdminPassword --show-secrets/);
        password = await readPassword();
        assert.match(password, /^[\w-]{24}$/);
        assert.ok(!text.includes(password));
    });

    step("lets nobody in without the password", async () => {
        assert.equal((await get("search", "admin", "admin")).status, 401);
        assert.equal((await fetch(`${grafana}/api/search`)).status, 401);
        assert.equal((await get("search")).status, 200);
    });

    step("has the data source that was derived, and reaches Prometheus through it", async () => {
        const { body } = await get("datasources/uid/metrics-stack-prometheus");
        assert.equal(body.url, `http://${checkout.container("prometheus")}:9090`);
        assert.deepEqual([body.isDefault, body.access], [true, "proxy"]);
        assert.equal((body.jsonData as { timeInterval: string }).timeInterval, "15s");
        assert.equal(await askGrafana(grafana, password, "vector(42)"), 42);
    });

    const dashboards = async () => {
        const { body } = await get("search");
        return (body as unknown as { title: string }[]).map(({ title }) => title).sort();
    };

    step("has a dashboard of all jobs, and one of Prometheus", async () => {
        assert.deepEqual(await dashboards(), ["Overview", "Prometheus"]);
    });

    step("shows its password to nobody who can look at the container", () => {
        const seen = docker("inspect", checkout.container("grafana")) + docker("logs", checkout.container("grafana"));
        assert.ok(!seen.includes(password));
    });

    step("does not change when it is deployed again", async () => {
        const containers = checkout.containers();
        await succeed("up", "--expect-no-changes");
        await succeed("pulumi", "refresh", "--yes", "--skip-preview", "--expect-no-changes");
        assert.equal(checkout.containers(), containers);
    });

    step("has one more for a job that says what it exposes, and no container restarts", async () => {
        const containers = checkout.containers();
        const again = {
            jobName: "again",
            staticConfigs: [{ targets: ["localhost:9090"] }],
            ...toItself,
            application: {},
        };
        checkout.declare({ ...declaration, scrapeJobs: [again] });
        await succeed("up");
        // Grafana looks for changed files every ten seconds.
        await eventually(30_000, async () =>
            assert.deepEqual(await dashboards(), ["Application (fastapi)", "Overview", "Prometheus"]),
        );
        assert.equal(checkout.containers(), containers);
    });

    step("takes over another scrape interval in the container that runs", async () => {
        checkout.declare({ ...declaration, scrapeInterval: "30s" });
        const containers = checkout.containers();
        await succeed("up");
        const { body } = await get("datasources/uid/metrics-stack-prometheus");
        assert.equal((body.jsonData as { timeInterval: string }).timeInterval, "30s");
        assert.equal(checkout.containers(), containers);
    });

    step(
        "goes back to the data source and the dashboards before with npm run rollback, and up deploys its own again",
        async () => {
            const containers = checkout.containers();
            const interval = async () => {
                const { body } = await get("datasources/uid/metrics-stack-prometheus");
                return (body.jsonData as { timeInterval: string }).timeInterval;
            };
            assert.match(
                await succeed("rollback", "--program", "grafana"),
                /Grafana runs with the configuration of \S+Z/,
            );
            assert.equal(await interval(), "15s");
            await eventually(30_000, async () => assert.ok((await dashboards()).includes("Application (fastapi)")));
            await succeed("up");
            assert.equal(await interval(), "30s");
            assert.equal(checkout.containers(), containers);
        },
    );

    step("goes back to its previous configuration, and says why, where it does not load the new one", async () => {
        checkout.declare({ ...declaration, scrapeInterval: "45s" });
        const containers = checkout.containers();
        const mount = `--rm --user 0:0 --volume ${checkout.container("grafana-config")}:/v --entrypoint sh ${images.prometheus}`;
        const file = "/v/current/provisioning/datasources/prometheus.yml";
        const spoil = `"$REAL_DOCKER" run ${mount} -c 'echo "apiVersion: [" > ${file}'`;
        const { status, text } = await standIn.at("grafana-config* sh switch ", { after: spoil }, () =>
            checkout.npm("up"),
        );
        assert.notEqual(status, 0);
        assert.match(text, /Grafana did not load the datasources: /);
        assert.doesNotMatch(text, /datasources: Internal Server Error/);
        assert.match(text, /The previous configuration is in place again and loaded\./);
        const timeInterval = async () => {
            const { body } = await get("datasources/uid/metrics-stack-prometheus");
            return (body.jsonData as { timeInterval: string }).timeInterval;
        };
        assert.equal(await timeInterval(), "30s");
        await succeed("up");
        assert.equal(await timeInterval(), "45s");
        assert.equal(checkout.containers(), containers);
    });

    step("takes a password that was declared in place of the generated one", async () => {
        const key = "grafana.adminPassword";
        const declared = "declared $ecret with spaces";
        const containers = checkout.containers();
        await checkout.setSecret(key, declared);
        const watched = watch(checkout);
        const seen = [await succeed("up"), ...(await watched()), docker("logs", checkout.container("grafana"))];
        assert.equal((await get("search")).status, 401);
        const secrets = [password, declared];
        password = declared;
        assert.equal((await get("search")).status, 200);
        assert.equal(await readPassword(), declared);
        for (const secret of secrets.flatMap((each) => [each, Buffer.from(`admin:${each}`).toString("base64")])) {
            assert.equal(seen.filter((each) => each.includes(secret)).length, 0);
        }
        assert.equal(checkout.containers(), containers);
    });

    step("has a secret key of its own, made with its database", () => {
        const key = docker("exec", checkout.container("grafana"), "cat", "/var/lib/grafana/secret-key");
        assert.match(key, /^[\w+/]{43}=$/);
    });

    step("gets its password back where somebody has changed it, with the command of the documentation", async () => {
        const change = `echo somebody-elses-password | grafana cli --homepath "$GF_PATHS_HOME" admin reset-admin-password --password-from-stdin`;
        docker("exec", checkout.container("grafana"), "sh", "-c", change);
        const [, command = ""] = /npm run pulumi -- (up .*)/.exec(readFileSync(manual, "utf8")) ?? [];
        await succeed("pulumi", ...command.replaceAll("'", "").split(" "));
        assert.equal((await get("search")).status, 200);
        await succeed("preview", "--expect-no-changes");
    });

    step("keeps its database when it is destroyed, and goes on with it when it is deployed again", async () => {
        const key = () => docker("exec", checkout.container("grafana"), "cat", "/var/lib/grafana/secret-key");
        const before = key();
        checkout.declare(declaration);
        await checkout.setSecret("grafana.adminPassword", password);
        await succeed("down");
        await succeed("up");
        assert.equal((await get("search")).status, 200);
        assert.equal(key(), before);
    });

    step(
        "takes over a database with a data source of the same name, which own dashboards mean by its uid",
        async () => {
            const uid = await other.made("own-board");
            checkout.declare({
                ...declaration,
                grafana: { ...(declaration.grafana as object), dataVolume: other.volume },
            });
            await checkout.setSecret("grafana.adminPassword", password);
            const text = await succeed("up");
            assert.match(
                text,
                new RegExp(`The data source ${uid} of Grafana's database is called Prometheus \\(${uid}\\) now`),
            );
            const url = `http://${checkout.container("prometheus")}:9090`;
            const [ours, theirs] = [
                await get("datasources/uid/metrics-stack-prometheus"),
                await get(`datasources/uid/${uid}`),
            ];
            assert.deepEqual([ours.body.name, ours.body.url, ours.body.isDefault], ["Prometheus", url, true]);
            assert.deepEqual([theirs.body.name, theirs.body.url], [`Prometheus (${uid})`, url]);
            assert.equal((await get("dashboards/uid/own-board")).status, 200);
        },
    );

    step("has taken it over once: nothing is made anew by a restart, or by what is deployed later", async () => {
        const sources = async () =>
            ((await get("datasources")).body as unknown as { id: number; uid: string }[]).map(({ id, uid }) => [
                id,
                uid,
            ]);
        const before = await sources();
        assert.equal(before.length, 2);
        await succeed("up", "--expect-no-changes");
        docker("restart", checkout.container("grafana"));
        const dataVolume = { ...(declaration.grafana as object), dataVolume: other.volume };
        checkout.declare({ ...declaration, scrapeInterval: "40s", grafana: dataVolume });
        await checkout.setSecret("grafana.adminPassword", password);
        assert.doesNotMatch(await succeed("up"), /is called Prometheus/);
        assert.deepEqual(await sources(), before);
    });
});
