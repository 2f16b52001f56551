import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { images } from "../images";
import { Checkout, docker, freePort } from "./checkout";
import { eventually } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";
import { toItself } from "./toItself";

interface Target {
    readonly scrapePool: string;
    readonly scrapeUrl: string;
    readonly health: string;
    readonly labels: Record<string, string>;
}

/** The seed's stack, deployed as a new user deploys it; the steps build on one another. */
describe("A stack, for real", function () {
    this.timeout(180_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    let prometheus: string;
    let webBe: string;
    let declaration: Record<string, unknown>;
    /** What the stack's programs listen on. */
    let ports: Set<number>;

    before(async () => {
        const [port, webBePort, exporterPort] = await Promise.all([freePort(), freePort(), freePort()]);
        ports = new Set([port, webBePort, exporterPort]);
        prometheus = `http://127.0.0.1:${port}`;
        webBe = `http://127.0.0.1:${webBePort}`;
        declaration = {
            scrapeInterval: "1s",
            prometheus: { port },
            nodeExporter: { port: exporterPort },
            webBe: { enabled: true, port: webBePort },
            grafana: { enabled: false },
        };
        checkout.declare(declaration);
    });

    after(() => {
        checkout.remove();
    });

    const ask = async <Data>(query: string): Promise<Data> => {
        const response = await fetch(`${prometheus}/api/v1/${query}`);
        return ((await response.json()) as { data: Data }).data;
    };
    const targets = async () => (await ask<{ activeTargets: Target[] }>("targets?state=active")).activeTargets;
    const value = async (expression: string) => {
        const { result } = await ask<{ result: { value: [number, string] }[] }>(
            `query?query=${encodeURIComponent(expression)}`,
        );
        return Number(result[0]?.value[1] ?? Number.NaN);
    };
    const succeed = (script: string, ...args: string[]) => checkout.succeed(script, ...args);

    const comesUp = step("comes up, with every job of the seed scraped", async () => {
        const text = await succeed("up");
        assert.match(text, /Prometheus +http:\/\/127\.0\.0\.1/);
        const found = await targets();
        assert.deepEqual(found.map(({ scrapePool }) => scrapePool).sort(), ["node_exporter", "prometheus", "web_be"]);
        assert.deepEqual([...new Set(found.map(({ health }) => health))], ["up"]);
    });

    step("collects the host's metrics", async () => {
        assert.ok((await value('count({__name__=~"node_.+"})')) > 400);
        if (existsSync("/proc/pressure/memory")) {
            assert.ok(Number.isFinite(await value("node_pressure_memory_stalled_seconds_total")));
        }
        // The host's own file systems, not the container's.
        assert.ok((await value('node_filesystem_size_bytes{mountpoint="/"}')) > 0);
    });

    step("collects the application's metrics", async () => {
        const requests = 'sum(http_requests_total{job="web_be",path="/items/{item_id}",method="GET"})';
        for (let i = 0; i < 20; i++) {
            await fetch(`${webBe}/items/${1 + (i % 3)}`);
        }
        await eventually(20_000, async () => assert.equal(await value(requests), 20));
    });

    step("listens on loopback and the gateway of its own network only", () => {
        const gateway = docker(
            "network",
            "inspect",
            "--format",
            "{{(index .IPAM.Config 0).Gateway}}",
            checkout.container("x").slice(0, -2),
        );
        const hosts = new Set([...listening()].filter(({ port }) => ports.has(port)).map(({ host }) => host));
        assert.deepEqual([...hosts].sort(), ["127.0.0.1", gateway].sort());
    });

    step("gives its containers no more than they need", () => {
        for (const role of ["prometheus", "node-exporter", "web-be"]) {
            const format =
                "{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.Privileged}}";
            const [user, ...rest] = docker("inspect", "--format", format, checkout.container(role)).split(" ");
            assert.match(user ?? "", /^[1-9]\d+:\d+$/, role);
            assert.deepEqual(rest, ["true", "[ALL]", "false"], role);
        }
    });

    step("leaves no anonymous volume", () => {
        const mounts = docker(
            "inspect",
            "--format",
            "{{range .Mounts}}{{.Type}} {{.Name}}\n{{end}}",
            checkout.container("prometheus"),
        );
        const volumes = mounts.split("\n").filter((line) => line.startsWith("volume"));
        assert.equal(volumes.length, 2);
        assert.ok(
            volumes.every((line) => line.includes("metrics-stack-")),
            mounts,
        );
    });

    step("does not change when it is deployed or refreshed again", async () => {
        const containers = checkout.containers();
        await succeed("up", "--expect-no-changes");
        await succeed("pulumi", "refresh", "--yes", "--skip-preview", "--expect-no-changes");
        assert.equal(checkout.containers(), containers);
    });

    step("leaves the checkout clean", () => {
        assert.equal(checkout.git("status", "--porcelain"), "");
    });

    step("previews an added job as a delivery of files, line by line, and touches no container", async () => {
        checkout.declare({ ...declaration, scrapeJobs: [again("again")] });
        const text = await succeed("preview", "--json");
        const { steps } = JSON.parse(text.slice(text.indexOf("{"))) as { steps: { op: string; urn: string }[] };
        const changes = steps
            .filter(({ op }) => op !== "same" && op !== "refresh")
            .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
        assert.deepEqual(changes.sort(), ["update prometheus-config-activate", "update prometheus-config-stage"]);
        assert.match(await succeed("preview", "--diff"), /\+.*job_name *: "again"/);
    });

    step("scrapes an added job without restarting anything", async () => {
        const containers = checkout.containers();
        await succeed("up");
        assert.equal(checkout.containers(), containers);
        const job = (await targets()).find(({ scrapePool }) => scrapePool === "again");
        assert.equal(job?.health, "up");
        assert.equal(job?.labels.team, "shop");
    });

    step("scrapes an added target without even a reload", async () => {
        const loaded = async () => (await ask<{ lastConfigTime: string }>("status/runtimeinfo")).lastConfigTime;
        const before = await loaded();
        const job = again("again");
        job.staticConfigs.push({ targets: ["localhost:9090"], labels: { team: "ops" } });
        checkout.declare({ ...declaration, scrapeJobs: [job] });
        await succeed("up");
        assert.deepEqual(
            (await targets())
                .filter(({ scrapePool }) => scrapePool === "again")
                .map(({ labels }) => labels.team)
                .sort(),
            ["ops", "shop"],
        );
        assert.equal(await loaded(), before);
    });

    step("refuses fifteen mistakes at once, in plain words, and changes nothing", async () => {
        const containers = checkout.containers();
        checkout.declare({
            ...declaration,
            scrapeIntervall: "15s",
            scrapeInterval: "15",
            evaluationInterval: "often",
            retainData: "perhaps",
            externalLabels: { "my-label": "x" },
            scrapeJobs: [
                { jobName: "a\nb", staticConfigs: [{ targets: ["a:1"] }] },
                {
                    jobName: "c",
                    staticConfigs: [{ targets: ["http://c:1", "d", "e:1", "e:1"] }],
                    scheme: "ftp",
                    relabelConfigs: [
                        { action: "hashmod", sourceLabels: ["a"], targetLabel: "b" },
                        { sourceLabels: ["a"], regex: "(?!b)", targetLabel: "c" },
                    ],
                },
            ],
            network: { subnet: "nowhere" },
            prometheus: { ...(declaration.prometheus as object), retentionSize: "lots" },
            webBe: { ...(declaration.webBe as object), bindAddress: "localhost" },
        });
        const { status, text } = await checkout.npm("preview");
        assert.notEqual(status, 0);
        const keys = [...text.matchAll(/metrics-stack:([\w.[\]-]+): /g)].map(([, key]) => key);
        assert.deepEqual([...new Set(keys)].sort(), [
            "evaluationInterval",
            "externalLabels.my-label",
            "network.subnet",
            "prometheus.retentionSize",
            "retainData",
            "scrapeInterval",
            "scrapeIntervall",
            "scrapeJobs[0].jobName",
            "scrapeJobs[1].relabelConfigs[0].modulus",
            "scrapeJobs[1].relabelConfigs[1].regex",
            "scrapeJobs[1].scheme",
            "scrapeJobs[1].staticConfigs[0].targets[0]",
            "scrapeJobs[1].staticConfigs[0].targets[1]",
            "scrapeJobs[1].staticConfigs[0].targets[3]",
            "webBe.bindAddress",
        ]);
        assert.doesNotMatch(text, /^\s+at /m);
        assert.equal(checkout.containers(), containers);
    });

    describe("refuses what only Prometheus' own tool sees, in its words, and goes on with what it had", () => {
        before(comesUp);
        const rule = { sourceLabels: ["a"], regex: "\\p{Latn}", targetLabel: "b" };
        const wrong = { ...again("wrong"), relabelConfigs: [...toItself.relabelConfigs, rule] };
        const refuses = async (script: string) => {
            const containers = checkout.containers();
            checkout.declare({ ...declaration, scrapeJobs: [again("again"), wrong] });
            const { status, text } = await checkout.npm(script);
            assert.notEqual(status, 0);
            assert.match(text, /invalid character class range: `\\p\{Latn\}`/);
            assert.equal(checkout.containers(), containers);
            assert.equal((await targets()).filter(({ scrapePool }) => scrapePool === "wrong").length, 0);
            return text;
        };

        it("in a preview, with the job's place", async () => {
            assert.match(await refuses("preview"), /metrics-stack:scrapeJobs\[1\]: "wrong" is refused by promtool/);
        });

        it("in a deployment that skips the preview's checks", async () => {
            checkout.environment.METRICS_STACK_SKIP_HOST_CHECKS = "true";
            try {
                await refuses("up");
            } finally {
                delete checkout.environment.METRICS_STACK_SKIP_HOST_CHECKS;
            }
        });
    });

    describe("refuses what the Docker host cannot give", () => {
        const other = `${checkout.stack}-other`;
        let port: number;

        before(comesUp);
        before(async () => {
            port = await freePort();
            docker("network", "create", "--subnet", "172.31.252.0/24", other);
            const publish = [
                "--publish",
                `127.0.0.1:${port}:9090`,
                "--network",
                other,
                "--network-alias",
                `${other}-shop`,
            ];
            docker(
                "run",
                "--detach",
                "--rm",
                "--name",
                other,
                ...publish,
                "--entrypoint",
                "sleep",
                images.prometheus,
                "600",
            );
        });

        after(() => {
            docker("rm", "--force", "--volumes", other);
            docker("network", "rm", other);
        });

        it("a port, a subnet and a network, in a preview", async () => {
            checkout.declare({
                ...declaration,
                network: { subnet: "172.31.252.128/25", join: [`${other}s`] },
                webBe: { enabled: true, port },
                scrapeJobs: [{ jobName: "shop", staticConfigs: [{ targets: [`${other}-shop:9090`] }] }],
            });
            const { status, text } = await checkout.npm("preview");
            assert.notEqual(status, 0);
            assert.match(
                text,
                new RegExp(`network\\.join\\[0\\]: "${other}s" is no network .* did you mean ${other}\\?`),
            );
            assert.match(
                text,
                new RegExp(`network\\.subnet: .* overlaps 172\\.31\\.252\\.0/24 of the Docker network ${other}`),
            );
            assert.match(text, new RegExp(`webBe\\.port: ${port} is taken by the container ${other}`));
            assert.match(text, new RegExp(`targets\\[0\\]: "${other}-shop:9090" is a container on ${other}`));
        });

        it("and scrapes that container once it joins its network", async () => {
            checkout.declare({
                ...declaration,
                network: { join: [other] },
                scrapeJobs: [{ jobName: "shop", staticConfigs: [{ targets: [`${other}-shop:9090`] }] }],
            });
            await succeed("preview");
        });
    });

    describe("destroyed and deployed again", () => {
        step("goes on with its samples", async () => {
            checkout.declare(declaration);
            const started = Date.now() / 1000;
            const down = await succeed("down");
            assert.match(down, new RegExp(`docker volume rm .*${checkout.container("prometheus-data")}`));
            assert.equal(checkout.containers(), "");
            await succeed("up");
            const { result } = await ask<{ result: unknown[] }>(`query?query=up{job="web_be"}&time=${started - 5}`);
            assert.equal(result.length, 1);
        });
    });
});

function again(jobName: string) {
    return {
        jobName,
        staticConfigs: [{ targets: ["127.0.0.1:9090"], labels: { team: "shop" } }],
        ...toItself,
    };
}

/** Every address that this machine listens on. */
function listening(): { host: string; port: number }[] {
    return ["tcp", "tcp6"].flatMap((kind) =>
        readFileSync(`/proc/net/${kind}`, "utf8")
            .split("\n")
            .slice(1)
            .map((line) => line.trim().split(/\s+/))
            // 0A is LISTEN: https://docs.kernel.org/networking/proc_net_tcp.html
            .filter(([, , , state]) => state === "0A")
            .map(([, local = ""]) => {
                const [host = "", port = ""] = local.split(":");
                const bytes = (host.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
                return {
                    host: bytes.length === 4 ? bytes.reverse().join(".") : host,
                    port: Number.parseInt(port, 16),
                };
            }),
    );
}
