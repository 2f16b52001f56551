import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { renderDashboards } from "../../config/render/dashboards";
import { dashboardsIn } from "../config/render/dashboards";
import { plan } from "../declaration";
import { images } from "../images";
import { Checkout, docker, freePort } from "./checkout";
import { emptyPanels } from "./emptyPanels";
import { eventually, PrometheusApi } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";

/** How long an alert may take: cAdvisor looks at a container every 15 to 30 seconds. */
const patience = 150_000;

/** Has the alerts of a checkout fire at once: how long they wait is tested with their rules, and would be minutes here. */
function withoutWaiting({ folder }: Checkout): void {
    const rules = path.join(folder, "config", "render", "rules", "container.ts");
    const text = readFileSync(rules, "utf8");
    const hurried = text.replaceAll(/held\(minutes\(\d+\)\)/g, "held(0)");
    assert.notEqual(hurried, text);
    writeFileSync(rules, hurried);
}

/** Containers of another project, each in another need. */
describe("Containers of the Docker host, as cAdvisor sees them", function () {
    this.timeout(180_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    const project = `${checkout.stack}-shop`;
    const own = checkout.container("cadvisor");
    const victims: Record<string, { readonly script: string; readonly options: readonly string[] }> = {
        // Its process, not itself: it goes on without.
        hungry: { script: "while sleep 5; do tail /dev/zero; done", options: ["--memory=24m", "--memory-swap=24m"] },
        full: {
            script: "dd if=/dev/zero of=/full/file bs=1M count=30; exec sleep 600",
            options: ["--memory=32m", "--memory-swap=32m", "--tmpfs=/full"],
        },
        ending: { script: "exec sleep 12", options: ["--restart=always"] },
        busy: { script: "while :; do :; done", options: ["--cpus=0.05"] },
    };
    const passing = ["first", "second", "third"];
    const cadvisor = {
        ...{ enabled: true, instance: "web-1" },
        ...{ scrapeJob: { scrapeInterval: "1s" }, container: { restarts: 1 } },
    };
    let prometheus: PrometheusApi;
    let declaration: Record<string, unknown>;

    before(async () => {
        prometheus = new PrometheusApi(await freePort());
        declaration = {
            ...{ scrapeInterval: "1s", evaluationInterval: "1s" },
            prometheus: { port: prometheus.port },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
        };
        withoutWaiting(checkout);
        checkout.declare({ ...declaration, cadvisor });
    });
    after(() => {
        docker("rm", "--force", "--volumes", ...[...Object.keys(victims), ...passing].map(named));
        checkout.remove();
    });

    const named = (each: string) => `${project}-${each}`;

    /** Runs a script in a container as Docker Compose would, which names its project in a label. */
    const run = (name: string, script: string, ...options: readonly string[]) =>
        docker(
            ...["run", "--detach", "--name", named(name), "--label", `com.docker.compose.project=${project}`],
            ...[...options, "--entrypoint", "/bin/sh", images.prometheus, "-c", script],
        );
    /** The containers that an alert fires for, of those above. */
    const firing = async (alertname: string) => {
        const found = await prometheus.query(`ALERTS{alertname="${alertname}", alertstate="firing"}`);
        return found
            .filter(({ metric }) => metric.container_label_com_docker_compose_project === project)
            .map(({ metric }) => metric.name);
    };
    const fires = (alertname: string, name: string) =>
        eventually(patience, async () => assert.deepEqual(await firing(alertname), [named(name)]));

    step("are watched by one without rights, which nobody but Prometheus reaches", async () => {
        const text = await checkout.succeed("up");
        assert.match(text, /^ *cadvisor +http:\/\/\S+-cadvisor:8080\/metrics +up/m);
        // Its own memory, and not that of the host, whose control groups it sees.
        assert.match(await checkout.succeed("status", "--no-drift"), /-cadvisor +Up .* [\d.]+ MiB of 256 MiB/);
        await checkout.succeed("up", "--expect-no-changes");
        await checkout.succeed("pulumi", "refresh", "--yes", "--expect-no-changes");
        const inspected = docker(
            "inspect",
            "--format",
            "{{.HostConfig.Privileged}} {{json .HostConfig.CapDrop}} {{json .HostConfig.CapAdd}} {{json .NetworkSettings.Ports}}",
            own,
        );
        assert.match(inspected, /^false \["ALL"\] \["CAP_SYSLOG"\] (\{\}|\{"8080\/tcp":null\})$/);
    });

    step("have their names and their projects, and the limits of what they may use", async () => {
        Object.entries(victims).forEach(([name, { script, options }]) => run(name, script, ...options));
        await eventually(60_000, async () => {
            const found = await prometheus.query(
                `count by(name) ({job="cadvisor", instance="web-1", container_label_com_docker_compose_project="${project}"})`,
            );
            assert.deepEqual(found.map(({ metric }) => metric.name).sort(), Object.keys(victims).map(named).sort());
        });
        const [limit] = await prometheus.query(`container_spec_memory_limit_bytes{name="${named("hungry")}"}`);
        assert.equal(limit?.value, 24 * 2 ** 20);
        assert.deepEqual(
            await prometheus.query('{job="cadvisor", id!="", name=""}'),
            [],
            "no control group but containers",
        );
        passing.forEach((name) => run(name, "exec sleep 8"));
    });

    step("are told of where the kernel killed one for its memory", () => fires("ContainerKilledForMemory", "hungry"));

    step("are told of where one has little memory left", () => fires("ContainerMemoryNearLimit", "full"));

    step("are told of where one waits for its share of the CPU", () => fires("ContainerThrottled", "busy"));

    step("are told of where one is started over and over", () => fires("ContainerRestarting", "ending"));

    step("have a dashboard without an empty panel", async () => {
        const { config, published } = plan({ ...declaration, cadvisor }, {}, checkout.stack);
        const dashboard = dashboardsIn(renderDashboards(config, published.jobs)).find(
            ({ uid }) => uid === "metrics-stack-containers",
        );
        assert.ok(dashboard);
        await eventually(30_000, async () => assert.deepEqual(await emptyPanels(prometheus, dashboard), []));
        const page = await fetch(`${prometheus.url}/consoles/containers.html`);
        assert.equal(page.status, 200);
    });

    step("are told of once for each time: Prometheus refuses no sample", async () => {
        for (const why of ["duplicate_timestamp", "out_of_order", "out_of_bounds"]) {
            const [refused] = await prometheus.query(`prometheus_target_scrapes_sample_${why}_total`);
            assert.equal(refused?.value, 0, why);
        }
    });

    step("are gone from it at once when they go, and no news where they ran for a moment", async () => {
        docker("rm", "--force", "--volumes", named("busy"));
        const seen = (...names: string[]) => `name=~"${names.map(named).join("|")}"`;
        await eventually(40_000, async () =>
            assert.deepEqual(await prometheus.query(`container_last_seen{${seen("busy", ...passing)}}`), []),
        );
        assert.deepEqual(await prometheus.query(`ALERTS{${seen(...passing)}}`), []);
    });

    step("go on without it when it is not declared any more", async () => {
        checkout.declare(declaration);
        await checkout.succeed("up");
        assert.doesNotMatch(docker("ps", "--all", "--format", "{{.Names}}"), new RegExp(`^${own}$`, "m"));
    });
});
