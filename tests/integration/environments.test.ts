import assert from "node:assert/strict";
import { mkdirSync, readFileSync, renameSync } from "node:fs";
import * as path from "node:path";
import { webBeImage } from "../../components/webBe/source";
import { read } from "../documentation";
import { Checkout, docker, freePort } from "./checkout";
import { PrometheusApi, eventually } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";
import { toItself } from "./toItself";

/** Two stacks of one clone on one engine, as dev and prod of a small team; the steps build on one another. */
describe("Two stacks on one Docker host", function () {
    this.timeout(180_000);
    stopAtFailure(this);
    const step = steps();

    const dev = new Checkout();
    const prod = new Checkout(dev);
    const shop = `${dev.stack}-shop`;
    let ofDev: PrometheusApi;
    let ofProd: PrometheusApi;
    let devDeclaration: Record<string, unknown>;
    let prodDeclaration: Record<string, unknown>;

    before(async () => {
        const [port, exporterPort] = await Promise.all([freePort(), freePort()]);
        ofDev = new PrometheusApi(port);
        devDeclaration = {
            scrapeInterval: "1s",
            prometheus: { port },
            nodeExporter: { port: exporterPort },
            grafana: { enabled: false },
        };
        dev.declare(devDeclaration);
        await dev.succeed("up");
    });

    after(() => {
        prod.remove();
        dev.remove();
        // A project of somebody else's, with a network of its own.
        for (const kind of [
            ["rm", "--force", "--volumes"],
            ["network", "rm"],
        ]) {
            try {
                docker(...kind, shop);
            } catch {
                // It was never made.
            }
        }
    });

    const sees = (api: PrometheusApi, health: readonly string[]) =>
        eventually(20_000, async () => assert.deepEqual(await api.health(), health));
    const refreshes = async (stack: Checkout) => {
        const containers = stack.containers();
        await stack.succeed("pulumi", "refresh", "--yes", "--skip-preview", "--expect-no-changes");
        assert.equal(stack.containers(), containers);
    };

    step("are refused what the other one has, and can take the advice as it is", async () => {
        const subnet = docker(
            "network",
            "inspect",
            "--format",
            "{{(index .IPAM.Config 0).Subnet}}",
            dockerNetwork(dev),
        );
        prodDeclaration = { ...devDeclaration, network: { subnet } };
        prod.declare(prodDeclaration);
        const { status, text } = await prod.npm("preview");
        assert.notEqual(status, 0);
        const advised = (key: string) =>
            new RegExp(`${key}: .*${dev.stack}.*write another one, such as (\\S+)`).exec(text);
        const [, port] = advised("prometheus\\.port") ?? assert.fail(text);
        const [, exporterPort] = advised("nodeExporter\\.port") ?? assert.fail(text);
        const [, free] = advised("network\\.subnet") ?? assert.fail(text);
        ofProd = new PrometheusApi(Number(port));
        prodDeclaration = {
            ...devDeclaration,
            network: { subnet: JSON.parse(free ?? "") },
            prometheus: { port: Number(port) },
            nodeExporter: { port: Number(exporterPort) },
        };
        prod.declare(prodDeclaration);
        await prod.succeed("up");
        await sees(ofProd, ["node_exporter up", "prometheus up"]);
        await sees(ofDev, ["node_exporter up", "prometheus up"]);
    });

    step("have an exporter each, on the gateway of their own network", async () => {
        const address = async (api: PrometheusApi) =>
            (await api.targets()).find(({ scrapePool }) => scrapePool === "node_exporter")?.scrapeUrl;
        const gateway = (stack: Checkout) =>
            docker("network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", dockerNetwork(stack));
        assert.ok((await address(ofDev))?.startsWith(`http://${gateway(dev)}:`));
        assert.ok((await address(ofProd))?.startsWith(`http://${gateway(prod)}:`));
        assert.notEqual(gateway(dev), gateway(prod));
    });

    step("do not change when they are refreshed", async () => {
        await refreshes(dev);
        await refreshes(prod);
    });

    step("a change of one leaves the other as it is", async () => {
        const containers = prod.containers();
        const again = { jobName: "again", staticConfigs: [{ targets: ["127.0.0.1:9090"] }], ...toItself };
        dev.declare({ ...devDeclaration, scrapeJobs: [again] });
        await dev.succeed("up");
        await sees(ofDev, ["again up", "node_exporter up", "prometheus up"]);
        await sees(ofProd, ["node_exporter up", "prometheus up"]);
        assert.equal(prod.containers(), containers);
    });

    step("one joins the network of another project and scrapes its container by name", async () => {
        docker("network", "create", "--subnet", "172.31.253.0/24", shop);
        docker("run", "--detach", "--name", shop, "--network", shop, "--network-alias", "shop-api", webBeImage());
        prod.declare({
            ...prodDeclaration,
            network: { ...(prodDeclaration.network as object), join: [shop] },
            scrapeJobs: [{ jobName: "shop", staticConfigs: [{ targets: ["shop-api:8000"] }] }],
        });
        await prod.succeed("up");
        await sees(ofProd, ["node_exporter up", "prometheus up", "shop up"]);
        await refreshes(prod);
    });

    step("finds the network of another project again that was made anew while Prometheus was down", async () => {
        const container = prod.container("prometheus");
        docker("stop", "--time", "30", container);
        docker("rm", "--force", "--volumes", shop);
        docker("network", "rm", shop);
        docker("network", "create", "--subnet", "172.31.253.0/24", shop);
        docker("run", "--detach", "--name", shop, "--network", shop, "--network-alias", "shop-api", webBeImage());
        assert.throws(() => docker("start", container), /network \S+ not found/);
        const { text } = await prod.npm("status", "--no-drift");
        assert.match(text, /network \S+ not found/);
        await prod.succeed("up");
        await sees(ofProd, ["node_exporter up", "prometheus up", "shop up"]);
        await refreshes(prod);
    });

    step("the destruction of one leaves the other as it is", async () => {
        const containers = prod.containers();
        await dev.succeed("down");
        assert.equal(dev.containers(), "");
        assert.equal(prod.containers(), containers);
        await sees(ofProd, ["node_exporter up", "prometheus up", "shop up"]);
        await refreshes(prod);
        // And the project whose network it joined has it back without a trace.
        await prod.succeed("down");
        assert.equal(docker("network", "inspect", "--format", "{{len .Containers}}", shop), "1");
    });
});

/** One that somebody tried alone, and that a team goes on with. */
describe("A stack that was deployed from a checkout's own state", function () {
    this.timeout(180_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    /** The same one, by the name that it gets. */
    const renamed = new Checkout(checkout);
    const manual = read("docs/environments.md");
    let declaration: Record<string, unknown>;
    let prometheus: PrometheusApi;

    before(async () => {
        prometheus = new PrometheusApi(await freePort());
        declaration = {
            scrapeInterval: "1s",
            prometheus: { port: prometheus.port },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
            retainData: false,
        };
        checkout.declare(declaration);
        await checkout.succeed("up");
    });

    after(() => {
        renamed.remove();
        checkout.remove();
    });

    const useBackendOfTeam = (passphrase: string) => {
        const folder = path.join(checkout.folder, "backend of the team");
        mkdirSync(folder, { recursive: true });
        const variables = { PULUMI_BACKEND_URL: `file://${folder}`, PULUMI_CONFIG_PASSPHRASE: passphrase };
        [checkout, renamed].forEach(({ environment }) => Object.assign(environment, variables));
    };
    const deployed = () => {
        const files = checkout.inVolume("prometheus-config", "find . -type f -exec sha256sum {} + | sort");
        return `${checkout.containers()}\n${files}`;
    };
    /** A command of the manual, in this checkout. */
    const typed = async (pattern: RegExp, input = "") => {
        const [command] = pattern.exec(manual) ?? assert.fail(String(pattern));
        const here = command.replace(/#.*/, "").replace("--stack dev", `--stack ${checkout.stack}`);
        const { status, text } = await checkout.run(
            "bash",
            ["-c", here.replace("rename home", `rename ${renamed.stack}`)],
            input,
        );
        assert.equal(status, 0, text);
    };

    step("is not touched from another state: it is said whose it is, and nothing changes", async () => {
        const before = deployed();
        useBackendOfTeam("of the team");
        for (const command of ["preview", "up"]) {
            const { status, text } = await checkout.npm(command);
            assert.notEqual(status, 0, text);
            assert.match(text, new RegExp(`that this state does not know: ${checkout.container("prometheus")}\\.`));
        }
        assert.equal(deployed(), before);
    });

    step("moves to the backend of the team with its secrets, by the manual's commands", async () => {
        const { environment } = checkout;
        const { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE } = environment;
        delete environment.PULUMI_BACKEND_URL;
        delete environment.PULUMI_CONFIG_PASSPHRASE;
        await typed(/^npm run pulumi -- stack export .*/m);
        Object.assign(environment, { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE });
        useBackendOfTeam(readFileSync(path.join(checkout.folder, ".state", "passphrase"), "utf8").trim());
        await typed(/^npm run pulumi -- stack import .*/m);
        await checkout.succeed("preview", "--expect-no-changes");

        await typed(/^npm run pulumi -- stack change-secrets-provider .*/m, "of the team\nof the team\n");
        const { text } = await checkout.npm("preview");
        assert.match(
            text,
            new RegExp(`^incorrect passphrase: the secrets of Pulumi\\.${checkout.stack}\\.yaml were .*set`, "m"),
        );
        useBackendOfTeam("of the team");
        await checkout.succeed("up", "--expect-no-changes");
    });

    step("gets another name and keeps its data, by the manual's commands", async () => {
        const time = Date.now() / 1000;
        const samples = async () =>
            (await prometheus.ask<{ result: unknown[] }>(`query?query=up&time=${time}`)).result.length;
        assert.equal(await samples(), 1);
        // As with git mv, which some do first.
        const [from = "", to = ""] = [checkout, renamed].map(({ stack }) =>
            path.join(checkout.folder, `Pulumi.${stack}.yaml`),
        );
        renameSync(from, to);
        await typed(/^npm run pulumi -- stack rename .*/m);
        const { status, text } = await renamed.npm("preview");
        assert.notEqual(status, 0, text);
        const [, volume] =
            /prometheus\.dataVolume: .* its samples are in (\S+); write "\1"/.exec(text) ?? assert.fail(text);
        renamed.declare({ ...declaration, prometheus: { port: prometheus.port, dataVolume: volume } });
        await renamed.succeed("up");
        assert.equal(checkout.containers(), "");
        assert.equal(await samples(), 1);
        await renamed.succeed("preview", "--expect-no-changes");
    });
});

const dockerNetwork = ({ stack }: Checkout) => `metrics-stack-${stack}`;
