import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { installPackages } from "../../toolchain/debian";
import { find } from "../../toolchain/process";
import { images } from "../images";
import { Checkout } from "./checkout";
import type { Machine } from "./engine";
import { Engine, needsSecondEngine } from "./engine";
import type { PrometheusApi } from "./prometheusApi";
import { eventually, PrometheusInside } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";

const nobody = 65_534;

/** What it takes beside a usual one, and the Debian packages that have it. */
const programs = { rootlesskit: "rootlesskit", slirp4netns: "slirp4netns", newuidmap: "uidmap", setpriv: "util-linux" };

/** As Docker itself starts one: https://docs.docker.com/engine/security/rootless/ */
const rootless: Machine = {
    prepared: (folder) => [
        "mount --make-rshared /",
        `echo nobody:200000:65536 > ${folder}/subid`,
        `mount --bind ${folder}/subid /etc/subuid; mount --bind ${folder}/subid /etc/subgid`,
        `mknod -m 666 ${folder}/tun c 10 200; mount --bind ${folder}/tun /dev/net/tun`,
        `mkdir -p -m 700 ${folder}/run; chown -R ${nobody}:${nobody} ${folder}`,
        `export HOME=${folder} XDG_RUNTIME_DIR=${folder}/run`,
    ],
    options: "--rootless",
    within: (start) =>
        `exec setpriv --reuid ${nobody} --regid ${nobody} --clear-groups rootlesskit --net=slirp4netns --mtu=65520 ` +
        "--disable-host-loopback --port-driver=builtin --copy-up=/etc --copy-up=/run --propagation=rslave " +
        `sh -c "rm -f /run/docker /run/containerd /run/xtables.lock; ${start}"`,
};

/** A Docker engine that is no root, in RootlessKit's namespaces. */
describe("A rootless Docker engine", function () {
    this.timeout(300_000);
    stopAtFailure(this);
    const step = steps();
    let engine: Engine;
    let checkout: Checkout;
    let declaration: Record<string, unknown>;
    let prometheus: PrometheusApi;

    before(async function () {
        needsSecondEngine(this);
        const missing = ["/etc/subuid", "/dev/net/tun"].find((file) => !existsSync(file));
        if (missing !== undefined) {
            console.log(`    skipped: a rootless engine needs ${missing}`);
            this.skip();
        }
        const packages = Object.entries(programs).flatMap(([program, name]) => (find(program) ? [] : [name]));
        if (packages.length > 0) {
            await installPackages(packages);
        }
        engine = new Engine(undefined, rootless);
        checkout = new Checkout();
        checkout.environment.DOCKER_HOST = engine.host;
        await engine.load(images.prometheus, images.nodeExporter);
        const worker = { jobName: "worker", staticConfigs: [{ targets: ["host.docker.internal:9"] }] };
        declaration = {
            scrapeInterval: "1s",
            retainData: false,
            grafana: { enabled: false },
            scrapeJobs: [worker],
        };
        checkout.declare(declaration);
    });

    after(async () => {
        (checkout as Checkout | undefined)?.remove();
        await (engine as Engine | undefined)?.remove();
    });

    step("is deployed to, and a preview says that its host is not where it is looked for", async () => {
        const preview = await checkout.succeed("preview");
        assert.match(preview, /host\.docker\.internal:9 may not be reached: to a rootless engine/);
        await checkout.succeed("pulumi", "up", "--yes", "--skip-preview");
        prometheus = new PrometheusInside((...args) => engine.docker(...args), checkout.container("prometheus"));
        await eventually(30_000, async () =>
            assert.deepEqual((await prometheus.health()).slice(0, 2), ["node_exporter up", "prometheus up"]),
        );
        const hosts = engine.docker(
            "inspect",
            "--format",
            "{{.HostConfig.ExtraHosts}}",
            checkout.container("prometheus"),
        );
        assert.equal(hosts, "[host.docker.internal:host-gateway]");
    });

    step("has no difference then, after a refresh too", async () => {
        await checkout.succeed("pulumi", "refresh", "--yes", "--expect-no-changes");
        await checkout.succeed("preview", "--expect-no-changes");
    });

    step("has its labelled containers found, at its own socket", async () => {
        const dockerProxy = { dockerSocket: engine.host.replace("unix://", "") };
        checkout.declare({ ...declaration, dockerProxy, labelledContainers: { enabled: true } });
        await checkout.succeed("pulumi", "up", "--yes", "--skip-preview");
        const shop = `${checkout.stack}-shop`;
        const labels = ["--label", "prometheus.scrape=true", "--label", "prometheus.port=8000"];
        const answer = ["caddy", "respond", "--listen", ":8000", "--header", "Content-Type: text/plain", "found 1\n"];
        const where = ["--network", `metrics-stack-${checkout.stack}`];
        engine.docker("run", "--detach", "--name", shop, ...where, ...labels, images.dockerProxy, ...answer);
        await eventually(60_000, async () => assert.ok((await prometheus.health()).includes("labelled_containers up")));
        engine.docker("rm", "--force", "--volumes", shop);
    });

    step("is asked for the containers' names at no other engine's socket", async () => {
        checkout.declare({ ...declaration, cadvisor: { enabled: true } });
        const { status, text } = await checkout.npm("preview");
        assert.notEqual(status, 0);
        assert.match(text, /cadvisor\.dockerSocket: "\/var\/run\/docker\.sock" is not where a rootless engine listens/);
    });
});
