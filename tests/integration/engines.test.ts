import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { images } from "../images";
import { Checkout } from "./checkout";
import type { Machine } from "./engine";
import { Engine, needsSecondEngine } from "./engine";
import { PrometheusInside } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";

const memory = "/sys/fs/cgroup/memory";

/** A machine whose / is a private mount, without the memory controller, and with an engine that remaps users. */
const oddMachine: Machine = {
    prepared: (folder) => [
        // Who may have which users: https://docs.docker.com/engine/security/userns-remap/#prerequisites
        `echo nobody:200000:65536 > ${folder}/subuid; mount --bind ${folder}/subuid /etc/subuid`,
        `echo nobody:200000:65536 > ${folder}/subgid; mount --bind ${folder}/subgid /etc/subgid`,
        `umount ${memory}`,
    ],
    options: "--userns-remap nobody:nogroup",
};

/** An engine on which nothing of what node_exporter usually has is possible: all of it comes up, and stays as it is. */
describe("A Docker engine on a machine unlike others", function () {
    this.timeout(300_000);
    stopAtFailure(this);
    const step = steps();
    let engine: Engine;
    let checkout: Checkout;

    before(async function () {
        needsSecondEngine(this);
        if (!readFileSync("/proc/self/mounts", "utf8").includes(` ${memory} `) || !existsSync("/etc/subuid")) {
            console.log("    skipped: the memory controller of this machine cannot be taken from one engine alone");
            this.skip();
        }
        engine = new Engine(undefined, oddMachine);
        // What a URL has other meanings for.
        checkout = new Checkout(undefined, "metrics #1?%41 -");
        checkout.environment.DOCKER_HOST = engine.host;
        await engine.load(images.prometheus, images.nodeExporter);
        checkout.declare({ scrapeInterval: "1s", retainData: false, grafana: { enabled: false } });
    });

    after(async () => {
        (checkout as Checkout | undefined)?.remove();
        await (engine as Engine | undefined)?.remove();
    });

    const warnings = [/The Docker host cannot limit memory/, /On the Docker host \/ is a private mount/];

    step("is told apart by a preview, with one warning for each, and is deployed to", async () => {
        const preview = await checkout.succeed("preview");
        const [, diagnostics = ""] = preview.split("Diagnostics:");
        warnings.forEach((each) => assert.equal(diagnostics.split(each).length, 2, preview));
        await checkout.succeed("up");
        const prometheus = new PrometheusInside((...args) => engine.docker(...args), checkout.container("prometheus"));
        assert.deepEqual(await prometheus.health(), ["node_exporter up", "prometheus up"]);
        const [host] = await prometheus.query("node_uname_info");
        assert.equal(host?.metric.instance, engine.docker("info", "--format", "{{.Name}}"));
        assert.notDeepEqual(await prometheus.query('node_filesystem_size_bytes{mountpoint="/"}'), []);
    });

    step("has no difference then, after a refresh too", async () => {
        await checkout.succeed("pulumi", "refresh", "--yes", "--expect-no-changes");
        await checkout.succeed("up", "--expect-no-changes");
    });

    step("lets it go again", async () => {
        await checkout.succeed("down");
        assert.equal(engine.docker("ps", "--all", "--quiet"), "");
    });
});
