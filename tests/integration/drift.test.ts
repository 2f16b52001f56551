import assert from "node:assert/strict";
import { Checkout, docker, freePort } from "./checkout";
import { toItself } from "./toItself";

/** What somebody changes behind Pulumi's back is seen by the next preview, and put right by the next up. */
describe("What somebody changed by hand", function () {
    this.timeout(180_000);

    const checkout = new Checkout();
    const volume = `metrics-stack-${checkout.stack}-prometheus-config`;
    let prometheus: string;

    before(async () => {
        const port = await freePort();
        prometheus = `http://127.0.0.1:${port}`;
        checkout.declare({
            scrapeInterval: "1s",
            prometheus: { port },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
            scrapeJobs: [
                {
                    jobName: "self",
                    staticConfigs: [{ targets: ["localhost:9090"] }],
                    ...toItself,
                    basicAuth: { username: "u" },
                },
            ],
        });
        await checkout.setSecret("scrapeJobs[0].basicAuth.password", "x");
        assert.equal((await checkout.npm("up")).status, 0);
    });

    after(() => checkout.remove());

    const inVolume = (script: string) => checkout.inVolume("prometheus-config", script);
    const changes = async () => {
        const { status, text } = await checkout.npm("preview", "--json");
        assert.equal(status, 0, text);
        const { steps } = JSON.parse(text.slice(text.indexOf("{"))) as { steps: { op: string; urn: string }[] };
        return steps
            .filter(({ op }) => op !== "same" && op !== "refresh")
            .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`)
            .sort();
    };
    const repairs = async () => {
        const { status, text } = await checkout.npm("up");
        assert.equal(status, 0, text);
        assert.deepEqual(await changes(), []);
        const { data } = (await (await fetch(`${prometheus}/api/v1/targets`)).json()) as {
            data: { activeTargets: { scrapePool: string; health: string }[] };
        };
        assert.deepEqual(data.activeTargets.map(({ scrapePool, health }) => `${scrapePool} ${health}`).sort(), [
            "prometheus up",
            "self up",
        ]);
    };
    const delivery = ["activate", "secrets", "stage"].map((step) => `update prometheus-config-${step}`);

    it("is nothing: no change", async () => assert.deepEqual(await changes(), []));

    const edits: [what: string, script: string][] = [
        ["an edited target list", "echo '- targets: [\"localhost:1\"]' > targets/self.yml"],
        ["a truncated configuration", ": > current/prometheus.yml"],
        ["a removed target list", "rm targets/self.yml"],
        ["a file too many", "cp targets/self.yml targets/other.yml"],
        ["a removed secret", "rm secrets/self.password"],
        ["an edited secret", "echo y > secrets/self.password"],
        ["a switched release", "cp -r $(readlink current) releases/mine && ln -sfn releases/mine current"],
        ["a removed release", "rm -r releases/* current"],
    ];
    for (const [what, script] of edits) {
        it(`in the volume: ${what}`, async () => {
            inVolume(script);
            assert.deepEqual(await changes(), delivery);
            await repairs();
        });
    }

    it("in Prometheus itself: another configuration that was loaded", async () => {
        inVolume(
            "cp current/prometheus.yml /v/kept && sed -i 's/scrape_interval: 1s/scrape_interval: 2s/' current/prometheus.yml",
        );
        assert.equal((await fetch(`${prometheus}/-/reload`, { method: "POST" })).status, 200);
        inVolume("cp kept current/prometheus.yml && rm kept");
        assert.deepEqual(await changes(), delivery);
        await repairs();
    });

    it("to a container: it was stopped", async () => {
        docker("stop", checkout.container("prometheus"));
        // The official plugin replaces it, because its ports are gone; the one from packages starts it.
        assert.match((await changes()).join(), /^(update|replace) prometheus(,|$)/);
        await repairs();
    });

    it("to a container: it was removed", async () => {
        docker("rm", "--force", checkout.container("prometheus"));
        assert.deepEqual(await changes(), ["create prometheus", "update prometheus-config-activate"]);
        await repairs();
    });

    it("to the volume: it was removed with its container", async () => {
        docker("rm", "--force", checkout.container("prometheus"));
        docker("volume", "rm", volume);
        assert.deepEqual(await changes(), ["create prometheus", "create prometheus-config", ...delivery].sort());
        await repairs();
    });

    it("is not asked for where the Docker host's checks are off", async () => {
        inVolume("rm targets/self.yml");
        checkout.environment.METRICS_STACK_SKIP_HOST_CHECKS = "true";
        try {
            assert.deepEqual(await changes(), []);
        } finally {
            delete checkout.environment.METRICS_STACK_SKIP_HOST_CHECKS;
        }
        await repairs();
    });
});
