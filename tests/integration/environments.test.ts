import assert from "node:assert/strict";
import { webBeImage } from "../../components/webBe/source";
import { Checkout, docker, freePort } from "./checkout";
import { PrometheusApi, eventually } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";

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
        const again = { jobName: "again", staticConfigs: [{ targets: ["127.0.0.1:9090"] }] };
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

const dockerNetwork = ({ stack }: Checkout) => `metrics-stack-${stack}`;
