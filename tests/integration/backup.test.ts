import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { images } from "../images";
import { project } from "../../toolchain/checkout";
import { installPackages } from "../../toolchain/debian";
import { find } from "../../toolchain/process";
import { Checkout, docker, freePort } from "./checkout";
import { grafanaImage, isDouble, provideGrafana, removeDouble } from "./grafanaImage";
import { eventually, PrometheusApi } from "./prometheusApi";
import { DockerStandIn } from "./standIn";
import { steps, stopAtFailure } from "./steps";

/** Every command of the manual, a line each. */
const manual = readFileSync(path.join(project, "docs", "backup.md"), "utf8");
const commands = [...manual.matchAll(/^( *)```sh\n([^`]*)^ *```$/gm)].flatMap(([, , text = ""]) =>
    text.split("\n").flatMap((line) => line.trim() || []),
);

/** What is queried before and after, at one moment before the backup: the whole day, and the newest samples of the head. */
const queries = [
    "sum by (place) (sum_over_time(past_temperature[26h]))",
    "count by (__name__) (last_over_time({__name__=~'.+'}[26h]))",
    "sum(count_over_time(prometheus_http_requests_total[26h]))",
    "rate(prometheus_http_requests_total[30s])",
    "{job='prometheus'}[20s]",
];

describe(`A backup, with Grafana ${isDouble ? "as a double of it" : "for real"}`, function () {
    this.timeout(300_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    const standIn = new DockerStandIn(checkout);
    const untried = new Set(commands);
    let prometheus: PrometheusApi;
    let grafanaPort: number;
    let alertmanagerPort: number;
    let password: string;
    let containers: string;
    let moment: number;
    let answers: unknown;

    /** Runs a line of the manual. */
    const run = async (line: string) => {
        assert.ok(untried.delete(line), `the manual has no line: ${line}`);
        const { status, text } = await checkout.run("sh", ["-c", line]);
        assert.equal(status, 0, `${line}\n${text}`);
        return text;
    };

    before(async () => {
        if (!find("gpg")) {
            await installPackages(["gnupg"]);
        }
        await provideGrafana();
        const ports = await Promise.all([freePort(), freePort(), freePort()]);
        prometheus = new PrometheusApi(ports[0]);
        [, grafanaPort, alertmanagerPort] = ports;
        checkout.declare({
            scrapeInterval: "1s",
            retainData: false,
            prometheus: { port: prometheus.port },
            nodeExporter: { enabled: false },
            alertmanager: {
                enabled: true,
                port: alertmanagerPort,
                receivers: [
                    {
                        name: "team",
                        email: { to: "a@example.com", from: "b@example.com", smarthost: "mail.example.com:25" },
                    },
                ],
            },
            grafana: { port: grafanaPort, image: grafanaImage },
        });
        writeFileSync(path.join(checkout.folder, "passphrase"), "correct horse battery staple\n");
        docker("volume", "create", "--label", `metrics-stack.stack=${checkout.stack}`, volume("prometheus"));
        makePast(volume("prometheus"));
        await checkout.succeed("up");
        const text = await checkout.succeed("pulumi", "stack", "output", "grafanaAdminPassword", "--show-secrets");
        password = text.trim().split("\n").at(-1) ?? "";
        containers = checkout.containers();
        await addDashboard("Ours");
        await addSilence();
    });

    after(() => {
        checkout.remove();
        standIn.remove();
        removeDouble();
    });

    const volume = (role: string) => checkout.container(`${role}-data`);

    const grafana = (api: string, init: RequestInit = {}, secret = password) =>
        fetch(`http://127.0.0.1:${grafanaPort}/api/${api}`, {
            ...init,
            headers: {
                authorization: `Basic ${Buffer.from(`admin:${secret}`).toString("base64")}`,
                "content-type": "application/json",
            },
        });

    async function addDashboard(title: string): Promise<void> {
        const dashboard = { uid: title.toLowerCase(), title, panels: [] };
        const response = await grafana("dashboards/db", { method: "POST", body: JSON.stringify({ dashboard }) });
        assert.equal(response.status, 200, await response.text());
    }

    const silencesUrl = () => `http://127.0.0.1:${alertmanagerPort}/api/v2/silences`;
    const silences = async () => (await (await fetch(silencesUrl())).json()) as { comment: string }[];

    async function addSilence(): Promise<void> {
        const silence = {
            matchers: [{ name: "job", value: "shop", isRegex: false, isEqual: true }],
            startsAt: new Date().toISOString(),
            endsAt: new Date(Date.now() + 3_600_000).toISOString(),
            createdBy: "test",
            comment: "moves to another host",
        };
        const headers = { "content-type": "application/json" };
        const response = await fetch(silencesUrl(), { method: "POST", body: JSON.stringify(silence), headers });
        assert.equal(response.status, 200, await response.text());
    }

    /** The answers to all queries, as of the moment. */
    async function ask(): Promise<unknown> {
        const instant = queries.map((query) => `query?query=${encodeURIComponent(query)}&time=${moment}`);
        const range = `start=${moment - 26 * 3600}&end=${moment}&step=300`;
        const ranges = ["past_temperature", "avg(up)"].map(
            (query) => `query_range?query=${encodeURIComponent(query)}&${range}`,
        );
        return Promise.all([...instant, ...ranges].map(async (question) => sorted(await prometheus.ask(question))));
    }

    /** What is in a data volume, as names of files and folders. */
    const inVolume = (role: string) =>
        docker("run", "--rm", "--volume", `${volume(role)}:/v`, "--entrypoint", "ls", images.prometheus, "-A", "/v");

    function leavesNothing(): void {
        assert.equal(docker("ps", "--all", "--quiet", "--filter", `name=${checkout.container("backup")}`), "");
        for (const role of ["prometheus", "grafana", "alertmanager"]) {
            assert.doesNotMatch(inVolume(role), /\.metrics-stack/);
        }
    }

    step("is written while everything goes on", async () => {
        await eventually(30_000, async () => {
            assert.ok((await prometheus.query("count_over_time(up{job='prometheus'}[1m])"))[0]!.value > 20);
        });
        moment = Math.floor(Date.now() / 1000);
        answers = await ask();
        const text = await run("npm run backup -- metrics.tar.gz");
        assert.match(text, /Grafana was paused for \d+\.\d s\./);
        assert.match(text, /metrics\.tar\.gz is a backup of the stack/);
        const file = path.join(checkout.folder, "metrics.tar.gz");
        assert.equal(statSync(file).mode & 0o777, 0o600);
        assert.ok(!existsSync(`${file}.part`));
        assert.equal(checkout.containers(), containers);
        leavesNothing();
    });

    step("costs no scrape", async () => {
        const seconds = Math.ceil(Date.now() / 1000 - moment);
        const { result } = await prometheus.ask<{ result: { values: [number, string][] }[] }>(
            `query?query=${encodeURIComponent(`up{job="prometheus"}[${seconds}s]`)}`,
        );
        const times = (result[0]?.values ?? []).map(([time]) => time);
        assert.ok(times.length >= seconds - 2, `${times.length} scrapes in ${seconds} s`);
        assert.deepEqual(
            times.filter((time, i) => i > 0 && time - times[i - 1]! > 1.5),
            [],
        );
    });

    step("can be checked with what every machine has, and encrypted", async () => {
        for (const line of commands.filter((each) => /look|gpg|state/.test(each))) {
            await run(line);
        }
        const read = (file: string) => readFileSync(path.join(checkout.folder, file));
        assert.ok(read("copy.tar.gz").equals(read("metrics.tar.gz")));
        const manifest = JSON.parse(read("look/manifest.json").toString()) as {
            parts: Record<string, { image: string }>;
        };
        assert.deepEqual(
            Object.entries(manifest.parts).map(([name, { image }]) => `${name} ${image}`),
            [`prometheus ${images.prometheus}`, `alertmanager ${images.alertmanager}`, `grafana ${grafanaImage}`],
        );
    });

    step("never replaces a file, and a second one at the same time is refused", async () => {
        const { status, text } = await checkout.npm("backup", "metrics.tar.gz");
        assert.equal(status, 1);
        assert.match(text, /^metrics\.tar\.gz exists/m);
        const other = checkout.container("backup");
        docker("run", "--detach", "--rm", "--name", other, "--entrypoint", "sleep", images.prometheus, "60");
        const { text: refused } = await checkout.npm("backup", "other.tar.gz");
        docker("rm", "--force", "--volumes", other);
        assert.match(refused, /^Another backup or restore of the stack \S+ is under way/m);
        assert.ok(!existsSync(path.join(checkout.folder, "other.tar.gz.part")));
    });

    for (const [signal, call] of [
        ["INT", " sh freeze grafana "], // while Grafana is paused
        ["KILL", " sh verify prometheus frozen "],
    ] as const) {
        step(`leaves nothing in the volumes where it is ended by SIG${signal}`, async () => {
            const end = `kill -${signal} $PPID; sleep 1`;
            const { status, text } = await standIn.at(call, { before: end }, () =>
                checkout.npm("backup", "ended.tar.gz"),
            );
            assert.equal(status, 1);
            assert.equal(/^Interrupted/m.test(text), signal === "INT", text);
            assert.ok(!checkout.files(".").some((file) => file.includes("ended")));
            await eventually(20_000, async () => leavesNothing());
            assert.equal((await grafana("search")).status, 200);
            assert.equal(checkout.containers(), containers);
        });
    }

    step("is not restored where it is damaged, nor over data that is there", async () => {
        const whole = readFileSync(path.join(checkout.folder, "metrics.tar.gz"));
        const broken: [Buffer, RegExp][] = [
            [whole.subarray(0, whole.length - 1000), /^broken\.tar\.gz is incomplete or damaged: /m],
            [
                whole,
                /--replace(.|\n)*-prometheus-data holds samples since (.|\n)*-grafana-data holds a database, last changed /,
            ],
        ];
        for (const [content, words] of broken) {
            writeFileSync(path.join(checkout.folder, "broken.tar.gz"), content);
            const { status, text } = await checkout.npm("restore", "broken.tar.gz");
            assert.equal(status, 1);
            assert.match(text, words);
        }
        assert.equal(checkout.containers(), containers);
        leavesNothing();
    });

    step("puts the previous data back where a restore fails midway", async () => {
        await addDashboard("Later");
        const later = Math.floor(Date.now() / 1000);
        const { status, text } = await standIn.at(" sh switch grafana", { before: "exit 1" }, () =>
            checkout.npm("restore", "--replace", "metrics.tar.gz"),
        );
        assert.equal(status, 1, text);
        assert.match(text, /^The previous data is in place again\./m);
        await eventually(30_000, async () => {
            assert.equal((await grafana("dashboards/uid/later")).status, 200);
            const [kept] = (await prometheus.ask<{ result: unknown[] }>(`query?query=up&time=${later}`)).result;
            assert.ok(kept);
        });
        assert.deepEqual(await ask(), answers);
        leavesNothing();
    });

    step("takes the place of what a running stack has", async () => {
        await run("npm run restore -- --replace metrics.tar.gz");
        await prometheus.becomesReady();
        assert.deepEqual(await ask(), answers);
        await eventually(30_000, async () => {
            assert.equal((await grafana("dashboards/uid/ours")).status, 200);
            assert.equal((await grafana("dashboards/uid/later")).status, 404);
        });
        assert.deepEqual(
            (await silences()).map(({ comment }) => comment),
            ["moves to another host"],
        );
        leavesNothing();
        await checkout.succeed("preview", "--expect-no-changes");
    });

    step("brings back a stack that was deleted with its data", async () => {
        await checkout.succeed("down");
        assert.equal(docker("volume", "ls", "--quiet", "--filter", `label=metrics-stack.stack=${checkout.stack}`), "");
        await run("npm run restore -- --check metrics.tar.gz");
        assert.match(await run("npm run restore -- metrics.tar.gz"), /npm run up starts it/);
        await run("npm run up");
        assert.deepEqual(await ask(), answers);
        const text = await checkout.succeed("pulumi", "stack", "output", "grafanaAdminPassword", "--show-secrets");
        password = text.trim().split("\n").at(-1) ?? "";
        assert.equal((await grafana("dashboards/uid/ours")).status, 200);
        assert.deepEqual(
            (await silences()).map(({ comment }) => comment),
            ["moves to another host"],
        );
    });

    step("was tried with every command of the manual", () => assert.deepEqual([...untried], []));
});

/** Samples of the day until three hours ago, a minute apart, made by promtool in a volume that the stack will find. */
function makePast(volume: string): void {
    const end = Math.floor(Date.now() / 60_000) * 60 - 3 * 3600;
    const samples = ["kitchen", "cellar"].flatMap((place, offset) =>
        Array.from({ length: 22 * 60 }, (_, i) => {
            const time = end - (22 * 60 - 1 - i) * 60;
            return `past_temperature{place="${place}"} ${(10 + 10 * offset + Math.sin(i / 200)).toFixed(3)} ${time}`;
        }),
    );
    const text = `# TYPE past_temperature gauge\n${samples.join("\n")}\n# EOF\n`;
    const make = "cat > /tmp/past && promtool tsdb create-blocks-from openmetrics /tmp/past /prometheus";
    const run = ["run", "--rm", "--interactive", "--volume", `${volume}:/prometheus`, "--entrypoint", "sh"];
    const { status, stderr } = spawnSync("docker", [...run, images.prometheus, "-c", make], {
        input: text,
        encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
}

/** An answer's series, in an order of their own. */
function sorted(answer: { result: { metric: object }[] }): unknown {
    const key = ({ metric }: { metric: object }) => JSON.stringify(Object.entries(metric).sort());
    return [...answer.result].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
