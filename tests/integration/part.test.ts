import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Status } from "../../commands/status/facts";
import { project } from "../../toolchain/checkout";
import { output } from "../../toolchain/process";
import { standardImage } from "../counter/settings";
import type { Count } from "../counter/status";
import { Checkout, docker, freePort } from "./checkout";
import { eventually, PrometheusApi } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";

/** Adds the part of tests/counter to a checkout: its folder, and its name in the list. Nothing else knows of it. */
function addCounter({ folder }: Checkout): void {
    cpSync(path.join(project, "tests", "counter"), path.join(folder, "components", "counter"), { recursive: true });
    const list = path.join(folder, "components", "parts.ts");
    const text = readFileSync(list, "utf8").replace(
        /(\bdeclarable: readonly Declarable\[\] = \[[^\]]*?),?\s*\]/,
        "$1, counter]",
    );
    writeFileSync(list, `import { counter } from "./counter";\n${text}`);
}

describe("A part more, which is a folder and a name in the list", function () {
    this.timeout(180_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    let prometheus: PrometheusApi;
    let port: number;

    before(async () => {
        prometheus = new PrometheusApi(await freePort());
        port = await freePort();
        addCounter(checkout);
        declare({});
    });

    after(() => {
        checkout.remove();
        output("docker", ["image", "rm", standardImage]);
    });

    const declare = (settings: object) =>
        checkout.declare({
            scrapeInterval: "1s",
            prometheus: { port: prometheus.port },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
            counter: { enabled: true, port, ...settings },
        });

    /** The count, which a POST adds a step to. */
    async function counted(method: "GET" | "POST" = "GET"): Promise<number> {
        const response = await fetch(`http://127.0.0.1:${port}/cgi-bin/metrics`, { method });
        return Number(/^counter_total (\d+)$/m.exec(await response.text())?.[1]);
    }

    it("has its mistakes told by their keys", async () => {
        declare({ step: 0, prot: 8080 });
        const { status, text } = await checkout.npm("validate");
        declare({});
        assert.equal(status, 1);
        assert.match(text, /counter\.step: 0 is not above zero/);
        assert.match(text, /counter\.prot: is not a known key; did you mean port\?/);
        assert.match(await checkout.succeed("validate"), /2 scrape jobs, 2 targets/);
    });

    it("has its keys in the manual, and in the schema for editors", async () => {
        await checkout.succeed("schema");
        const written = ["docs/configuration.md", "stackFile.schema.json"];
        const added = checkout.git("diff", "--unified=0", "--", ...written);
        assert.match(added, /^\+\| `counter\.step` +\| `1` +\| How much each request adds\. +\|$/m);
        assert.match(added, /^\+ +"metrics-stack:counter": \{$/m);
        checkout.git("checkout", "--", ...written);
    });

    step("is deployed with an image that is made from packages, and up says where it is", async () => {
        const text = await checkout.succeed("up");
        // Of a web UI that packages do not hold it has none.
        assert.match(text, new RegExp(`^ *Counter +http://127\\.0\\.0\\.1:${port}$`, "m"));
        const label = '{{index .Config.Labels "metrics-stack.made-from"}}';
        const isMade = docker("inspect", "--format", label, checkout.container("prometheus")) === "packages";
        assert.equal(/^ *Prometheus +\S+ {2}\(its API only: made from packages\)$/m.test(text), isMade);
        assert.match(text, /^ *counter +http:\/\/\S+-counter:8080\/cgi-bin\/metrics +up/m);
        assert.equal(await counted("POST"), 1);
        await checkout.succeed("preview", "--expect-no-changes");
    });

    step("is scraped", async () => {
        assert.deepEqual(await prometheus.health(), ["counter up", "prometheus up"]);
        await eventually(20_000, async () => {
            const [found] = await prometheus.query("counter_total");
            assert.deepEqual([found?.metric.job, found?.value], ["counter", 1]);
        });
    });

    step("takes over what is declared otherwise, and runs on", async () => {
        const containers = checkout.containers();
        declare({ step: 5 });
        await checkout.succeed("up");
        assert.equal(await counted("POST"), 6);
        assert.equal(checkout.containers(), containers);
    });

    /** What `npm run status -- --json` prints on stdout alone. */
    async function status(): Promise<Status & { readonly counter: Count | null }> {
        const { text } = await checkout.run("sh", ["-c", "node commands/run.js status --json 2> /dev/null"]);
        return JSON.parse(text) as Status & { readonly counter: Count | null };
    }

    step("says of itself what status asks it", async () => {
        const text = await checkout.succeed("status", "--no-drift");
        assert.match(text, /-counter +Up .* \(healthy\)/);
        assert.match(text, /^ *Counter +6, in steps of 5$/m);
        const { exitCode, counter, differences } = await status();
        assert.deepEqual([exitCode, counter, differences], [0, { count: 6, step: 5 }, []]);
    });

    step("is compared with what was deployed, its files and its container, and put right", async () => {
        checkout.inVolume("counter-config", "echo 7 > current/step");
        docker("stop", checkout.container("counter"));
        const { exitCode, problems, differences } = await status();
        assert.equal(exitCode, 2);
        assert.match(problems.join("\n"), /-counter: Exited/);
        const said = differences?.map(({ resource, reason }) => `${resource}: ${reason}`).join("\n") ?? "";
        assert.match(said, /^counter: it does not run$/m);
        assert.match(said, /^counter-config-\w+: somebody changed releases\/\w+\/step$/m);
        await checkout.succeed("up");
        assert.equal(await counted("POST"), 11);
        await checkout.succeed("preview", "--expect-no-changes");
    });

    step("has its count in a backup, and gets it back", async () => {
        await checkout.succeed("backup", "metrics.tar.gz");
        assert.equal(await counted("POST"), 16);
        const { text } = await checkout.npm("restore", "metrics.tar.gz");
        assert.match(text, /-counter-data holds a count of 16$/m);
        assert.match(await checkout.succeed("restore", "--replace", "metrics.tar.gz"), /\(prometheus, counter\)/);
        assert.equal(await counted(), 11);
    });

    step("goes back to its previous configuration", async () => {
        await checkout.succeed("rollback", "--program", "counter");
        assert.equal(await counted("POST"), 12);
    });

    step("goes with the stack, and what it keeps is named", async () => {
        const text = await checkout.succeed("down");
        assert.match(text, new RegExp(`^ *${checkout.container("counter-data")} +a count$`, "m"));
        const names = ["counter-data", "prometheus-data"].map((role) => checkout.container(role));
        assert.ok(text.includes(`docker volume rm ${names.join(" ")}`), text);
        assert.equal(checkout.containers(), "");
    });
});
