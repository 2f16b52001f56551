import assert from "node:assert/strict";
import * as path from "node:path";
import { images } from "../images";
import { imageSource } from "../../commands/images";
import { nodeExporter } from "../../components/nodeExporter";
import { provideImage } from "../../toolchain/images/provide";
import { output } from "../../toolchain/process";
import { Checkout, docker, freePort } from "./checkout";
import { PrometheusApi } from "./prometheusApi";
import { noRegistry, Registry } from "./registry";
import { steps, stopAtFailure } from "./steps";

describe("Images of a registry of one's own", function () {
    this.timeout(180_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    const registry = new Registry();
    /** Not the same image as the engine has under the plain name: so it shows which one runs. */
    const copy = `metrics-stack/copy:${checkout.stack}`;
    const stored = "prom/prometheus:copy";
    let prometheus: PrometheusApi;
    let declare: (image: string) => void;

    before(async function () {
        const reason = noRegistry();
        if (reason !== undefined) {
            console.log(`    skipped: ${reason}`);
            this.skip();
        }
        await registry.start();
        const build = ["build", "--quiet", "--tag", copy, "-"];
        output("docker", build, { input: `FROM ${images.prometheus}\nLABEL copy=${checkout.stack}\n` });
        const digest = registry.store(copy, stored);
        registry.store(images.nodeExporter, images.nodeExporter);
        const [port, exporterPort] = await Promise.all([freePort(), freePort()]);
        prometheus = new PrometheusApi(port);
        declare = (image) =>
            checkout.declare({
                scrapeInterval: "1s",
                imageRegistry: registry.name,
                prometheus: { port, image },
                nodeExporter: { port: exporterPort },
                grafana: { enabled: false },
            });
        declare(`${stored}@${digest}`);
        checkout.environment.DOCKER_CONFIG = registry.login;
    });

    after(async () => {
        checkout.remove();
        await registry.remove();
        if (docker("images", "--quiet", copy) !== "") {
            docker("image", "rm", copy);
        }
    });

    step("are pulled with the operator's login by plain Pulumi, by tag and by digest", async () => {
        await checkout.succeed("pulumi", "stack", "ls");
        const state = path.join(checkout.folder, ".state");
        checkout.environment.PULUMI_BACKEND_URL = `file://${state}`;
        checkout.environment.PULUMI_CONFIG_PASSPHRASE_FILE = path.join(state, "passphrase");
        const { status, text } = await checkout.run("pulumi", ["up", "--yes", "--skip-preview"]);
        assert.equal(status, 0, text);
        const imageOf = (role: string) => docker("inspect", "--format", "{{.Image}}", checkout.container(role));
        assert.equal(imageOf("prometheus"), docker("image", "inspect", "--format", "{{.Id}}", copy));
        const [exporter] = JSON.parse(docker("inspect", checkout.container("node-exporter")));
        assert.equal(exporter.Config.Image, `${registry.name}/${images.nodeExporter}`);
    });

    step("do not change when they are deployed again", async () => {
        const containers = checkout.containers();
        await checkout.succeed("up", "--expect-no-changes");
        assert.equal(checkout.containers(), containers);
        assert.deepEqual(await prometheus.health(), ["node_exporter up", "prometheus up"]);
    });

    step("are not pulled without it, and the registry's own words say why", async () => {
        await checkout.succeed("down");
        registry.forget();
        declare(stored);
        checkout.environment.DOCKER_CONFIG = path.join(registry.login, "nobody");
        const { status, text } = await checkout.npm("up");
        assert.notEqual(status, 0, text);
        assert.match(text, /no basic auth credentials|unauthorized/);
        assert.match(text, /The image \S+:copy cannot be pulled, and cannot be made from packages\.$/m);
        assert.equal(checkout.containers(), "");
    });

    step("have its name too where they are made from packages", async () => {
        await provideImage(imageSource(nodeExporter, {}, registry.name), "packages");
        const [made, plain] = [`${registry.name}/${images.nodeExporter}`, images.nodeExporter].map((name) =>
            docker("image", "inspect", "--format", "{{.Id}}", name),
        );
        assert.equal(made, plain);
    });
});
