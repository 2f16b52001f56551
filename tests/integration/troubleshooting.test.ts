import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { images } from "../images";
import { webBeImage } from "../../components/webBe/source";
import { blocks } from "../documentation";
import { Checkout, docker, freePort } from "./checkout";
import { eventually, PrometheusApi } from "./prometheusApi";
import { steps } from "./steps";

const page = "docs/troubleshooting.md";

/** What an error has of its own in each case: numbers, names of this test's, and what only pads a table. */
const general = (text: string) =>
    text
        .replaceAll(/\d+/g, "0")
        .replaceAll(/(?<=metrics-stack-)(it0-0|dev|prod)(-second)?/g, "STACK")
        .replaceAll(/ +/g, " ");

/** Provokes every error of the page, so that it stays as it really is. */
describe(`Every error in ${page} appears as it stands there:`, function () {
    this.timeout(180_000);
    const step = steps();

    const checkout = new Checkout();
    const other = new Checkout(checkout);
    const shop = `${checkout.stack}-shop`;
    const provoked = new Set<string>();
    let declaration: Record<string, unknown>;
    let prometheus: PrometheusApi;

    before(async () => {
        prometheus = new PrometheusApi(await freePort());
        declaration = {
            scrapeInterval: "1s",
            prometheus: { port: prometheus.port },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
        };
        checkout.declare(declaration);
        docker("network", "create", "--subnet", "172.31.251.0/24", shop);
        docker("run", "--detach", "--name", `${shop}-api`, "--network", shop, "--network-alias", "api", webBeImage());
        await checkout.succeed("up");
    });

    after(() => {
        spawnSync("docker", ["rm", "--force", "--volumes", `${shop}-api`]);
        spawnSync("docker", ["network", "rm", shop]);
        other.remove();
        checkout.remove();
    });

    /** The page's error that begins like this has to be in what was said. */
    const shows = (said: string, ...beginnings: readonly RegExp[]) => {
        const real = general(said.replaceAll(shop, "shop_default"));
        for (const beginning of beginnings) {
            const [error] = errors.filter((each) => beginning.test(each));
            assert.ok(error, `${page} has no error ${beginning}`);
            assert.ok(real.includes(general(error)), `${error}\nis not in\n${said}`);
            provoked.add(error);
        }
    };
    const errors = blocks(page, "").map((block) => block.trim());

    step("mistakes of the declaration", async () => {
        other.declare({
            ...declaration,
            scrapeIntervall: "15s",
            network: { subnet: "172.31.251.128/25" },
            scrapeJobs: [
                {
                    jobName: "shop",
                    staticConfigs: [{ targets: ["shop:8080"] }],
                    basicAuth: { username: "scraper", password: "in-plain-text" },
                },
            ],
        });
        shows((await other.npm("preview")).text, /scrapeIntervall/, /is in plain text/);
    });

    step("what the Docker host and promtool say of one", async () => {
        other.declare({
            ...declaration,
            network: { subnet: "172.31.251.128/25" },
            scrapeJobs: [
                { jobName: "shop", staticConfigs: [{ targets: ["shop.example.com:8080"] }] },
                { jobName: "api", staticConfigs: [{ targets: ["api:8000"] }] },
                {
                    jobName: "checkout",
                    staticConfigs: [{ targets: ["checkout.example.com:8080"] }],
                    relabelConfigs: [{ sourceLabels: ["a"], regex: "\\p{Latn}", targetLabel: "b" }],
                },
            ],
        });
        const { text } = await other.npm("preview");
        shows(text, /port: 9090 is taken/, /overlaps/, /is a container on/, /refused by promtool/);
    });

    step("no engine, a wrong passphrase, and no image of Grafana", async () => {
        const withVariable = async (name: string, value: string) => {
            checkout.environment[name] = value;
            try {
                return (await checkout.npm("preview")).text;
            } finally {
                delete checkout.environment[name];
            }
        };
        shows(await withVariable("DOCKER_HOST", "unix:///nowhere/docker.sock"), /^No Docker engine/);
        shows(await withVariable("PULUMI_CONFIG_PASSPHRASE", "wrong"), /incorrect passphrase/);
        const image = "registry.invalid/grafana:1.0.0";
        checkout.declare({ ...declaration, grafana: { image } });
        const { text } = await checkout.npm("preview");
        shows(text.replaceAll(image, images.grafana), /^Grafana is left out/);
    });

    step("a target that is down", async () => {
        const job = { jobName: "database", staticConfigs: [{ targets: ["host.docker.internal:9"] }] };
        checkout.declare({ ...declaration, scrapeJobs: [job] });
        await checkout.succeed("pulumi", "up", "--yes", "--skip-preview");
        await eventually(20_000, async () => assert.ok((await prometheus.health()).includes("database down")));
        shows((await checkout.npm("status", "--no-drift")).text, /connection refused/);
    });

    step("a lock", async () => {
        checkout.declare(declaration);
        const first = checkout.npm("up");
        await eventually(60_000, async () => {
            assert.ok(checkout.files(".state").some((file) => file.includes("/locks/")));
        });
        const second = await checkout.npm("pulumi", "up", "--yes", "--skip-preview");
        shows(second.text, /is currently locked/);
        assert.equal((await first).status, 0);
    });

    step("too little memory", async () => {
        // Another retention has the container replaced: a running one refuses a limit below what it uses.
        const tooSmall = { memoryLimit: "16MB", retentionTime: "20d" };
        checkout.declare({
            ...declaration,
            prometheus: { ...(declaration.prometheus as object), ...tooSmall },
        });
        shows((await checkout.npm("up")).text, /lack of memory/);
    });

    step("and there is no other on the page", () => {
        assert.deepEqual(
            errors.filter((error) => !provoked.has(error)),
            [],
        );
    });
});
