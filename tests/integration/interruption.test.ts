import assert from "node:assert/strict";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { find } from "../../toolchain/process";
import { Checkout, docker, freePort } from "./checkout";

/**
 * A delivery step is killed with SIGKILL before or after each of its calls of docker, by a stand-in for the docker command
 * line that passes everything on and kills its caller at the named call.
 */
const standIn = `#!/bin/sh
case "$* " in *"$KILL_AT"*) hit=1 ;; *) hit= ;; esac
[ -z "$hit" ] || [ "$KILL_WHEN" = after ] || { kill -9 $PPID; exit 1; }
"$REAL_DOCKER" "$@"
status=$?
[ -z "$hit" ] || kill -9 $PPID
exit $status
`;

const calls: [step: string, call: string][] = [
    ["secrets: the secret files are replaced", " sh secrets "],
    ["stage: the files are checked and written", " sh stage "],
    ["activate: the release is switched", " sh switch "],
    ["activate: Prometheus reloads", "/-/reload "],
    ["activate: Prometheus is asked what it runs with", "api/v1/status/config "],
    ["activate: the release is recorded as loaded", " sh loaded "],
];

describe("A delivery that is broken off", function () {
    this.timeout(120_000);

    const checkout = new Checkout();
    const shims = path.join(checkout.folder, "..", `${path.basename(checkout.folder)}-shims`);
    let prometheus: string;
    let port: number;
    let secret = 0;
    let interval = 1;

    before(async () => {
        mkdirSync(shims);
        writeFileSync(path.join(shims, "docker"), standIn);
        chmodSync(path.join(shims, "docker"), 0o755);
        port = await freePort();
        prometheus = `http://127.0.0.1:${port}`;
        await declareNext();
        assert.equal((await checkout.npm("up")).status, 0);
    });

    after(async () => {
        await checkout.remove();
        rmSync(shims, { recursive: true, force: true });
    });

    const base = () => ({
        scrapeInterval: `${interval}s`,
        prometheus: { port },
        nodeExporter: { enabled: false },
        grafana: { enabled: false },
    });

    /** Declares something new for every step: another job setting, another target and another secret. */
    async function declareNext(): Promise<void> {
        interval = interval === 1 ? 2 : 1;
        secret += 1;
        checkout.declare({
            ...base(),
            scrapeJobs: [
                {
                    jobName: "self",
                    staticConfigs: [{ targets: [interval === 1 ? "localhost:9090" : "127.0.0.1:9090"] }],
                    basicAuth: { username: "u" },
                },
            ],
        });
        await checkout.setSecret("scrapeJobs[0].basicAuth.password", `secret ${secret}`);
    }

    async function upKilled(call: string, when: "before" | "after"): Promise<void> {
        const { PATH } = checkout.environment;
        Object.assign(checkout.environment, {
            PATH: `${shims}${path.delimiter}${PATH}`,
            REAL_DOCKER: find("docker"),
            KILL_AT: call,
            KILL_WHEN: when,
        });
        try {
            const { status, text } = await checkout.npm("up");
            assert.notEqual(status, 0, text);
        } finally {
            checkout.environment.PATH = PATH;
        }
    }

    const liveConfig = async () => {
        const response = await fetch(`${prometheus}/api/v1/status/config`);
        return ((await response.json()) as { data: { yaml: string } }).data.yaml;
    };
    const liveInterval = async () => /scrape_interval: (\S+)/.exec(await liveConfig())?.[1];

    const becomesReady = async () => {
        for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(200)) {
            // The moment after a restart may accept a connection that nobody ever answers.
            const signal = AbortSignal.timeout(2000);
            const ready = await fetch(`${prometheus}/-/ready`, { signal }).catch(() => undefined);
            if (ready?.status === 200) {
                return;
            }
        }
        assert.fail(
            `Prometheus does not become ready: ${docker("logs", "--tail", "3", checkout.container("prometheus"))}`,
        );
    };

    it("is put back where Prometheus cannot use what promtool let pass", async () => {
        const before = await liveConfig();
        const ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
        checkout.declare({
            ...base(),
            scrapeJobs: [
                {
                    jobName: "odd",
                    scheme: "https",
                    staticConfigs: [{ targets: ["localhost:9090"] }],
                    tlsConfig: { ca },
                },
            ],
        });
        const { status, text } = await checkout.npm("up");
        assert.notEqual(status, 0);
        assert.match(text, /these targets are not known to it: odd localhost:9090/);
        assert.match(text, /The previous configuration is in place again and loaded\./);
        assert.equal(await liveConfig(), before);
        docker("restart", "--time", "30", checkout.container("prometheus"));
        await becomesReady();
        assert.equal(await liveConfig(), before);
    });

    for (const [step, call] of calls) {
        for (const when of ["before", "after"] as const) {
            it(`${when} this, leaves a whole configuration, and the next up comes to the end: ${step}`, async () => {
                const before = `${interval}s`;
                await declareNext();
                await upKilled(call, when);

                docker("restart", "--time", "30", checkout.container("prometheus"));
                await becomesReady();
                assert.ok([before, `${interval}s`].includes((await liveInterval()) ?? ""));

                const { status, text } = await checkout.npm("up");
                assert.equal(status, 0, text);
                assert.equal(await liveInterval(), `${interval}s`);
                assert.equal(
                    docker("exec", checkout.container("prometheus"), "cat", "/etc/prometheus/secrets/self.password"),
                    `secret ${secret}`,
                );
                assert.equal((await checkout.npm("preview", "--expect-no-changes")).status, 0);
            });
        }
    }
});
