import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { isInShard } from "../../config/schema/shard";
import { output } from "../../toolchain/process";
import { images } from "../images";
import { Checkout, docker, freePort } from "./checkout";
import { steps } from "./steps";

/** What `--json` prints for several stacks. */
interface Fleet {
    readonly exitCode: number;
    readonly stacks: readonly {
        readonly stack: string;
        readonly exitCode: number;
        readonly said: string;
        readonly output: { readonly stack: string; readonly containers: readonly object[] } | null;
    }[];
}

/** Two stacks on one engine and one on a host that is down, which extend one file. */
describe("A fleet of stacks", function () {
    this.timeout(900_000);

    const checkout = new Checkout();
    const second = new Checkout(checkout);
    const down = `${checkout.stack}-down`;
    const all = `${checkout.stack}*`;
    const write = (file: string, config: object) => {
        const entries = Object.entries(config).map(([key, value]) => [`metrics-stack:${key}`, value]);
        writeFileSync(path.join(checkout.folder, file), stringify({ config: Object.fromEntries(entries) }));
    };
    const shared = { grafana: { enabled: false }, prometheus: { memoryLimit: "300MB", port: 1 } };
    const json = (text: string) => JSON.parse(text.slice(text.indexOf("\n{\n"))) as Fleet;
    const exits = ({ stacks }: Fleet) => Object.fromEntries(stacks.map(({ stack, exitCode }) => [stack, exitCode]));

    before(async () => {
        const extending = async () => ({
            extends: ["shared/fleet.yaml"],
            prometheus: { port: await freePort() },
            nodeExporter: { port: await freePort() },
        });
        mkdirSync(path.join(checkout.folder, "shared"), { recursive: true });
        write("shared/fleet.yaml", shared);
        checkout.declare(await extending());
        second.declare(await extending());
        write(`Pulumi.${down}.yaml`, { extends: ["shared/fleet.yaml"], dockerHost: "tcp://127.0.0.1:1" });
    });
    after(() => {
        second.remove();
        checkout.remove();
    });

    const step = steps();

    it("shares targets as Prometheus' own hashmod does", () => {
        const targets = Array.from({ length: 200 }, (_, i) => `shop-${i}.example.com:${8000 + i}`);
        const hashmod = { source_labels: ["__address__"], modulus: 7, target_label: "share", action: "hashmod" };
        const job = { job_name: "shop", static_configs: [{ targets }], relabel_configs: [hashmod] };
        const script = "cat > /tmp/shop.yml; promtool check service-discovery --timeout=2s /tmp/shop.yml shop";
        const run = ["run", "--rm", "--interactive", "--entrypoint", "sh", images.prometheus, "-c", script];
        const said = output("docker", run, { input: stringify({ scrape_configs: [job] }) });
        const found = JSON.parse(said.slice(said.indexOf("[\n"))) as { labels: { share: string; instance: string } }[];
        assert.equal(found.length, targets.length);
        for (const { labels } of found) {
            assert.ok(isInShard({ of: 7, index: Number(labels.share) }, labels.instance), JSON.stringify(labels));
        }
    });

    step("is checked without Docker, with what its stacks extend", async () => {
        const text = await checkout.succeed("validate");
        assert.match(text, new RegExp(`^Pulumi\\.${down}\\.yaml: 2 scrape jobs`, "m"));
    });

    step("is previewed by Pulumi itself as one stack is", async () => {
        const text = await checkout.succeed("pulumi", "preview", "--stack", checkout.stack, "--non-interactive");
        assert.match(text, /to create/);
    });

    step("stores secrets of what is shared in a stack file", async () => {
        const team = { name: "team", slack: { channel: "#ops" } };
        write("shared/fleet.yaml", { ...shared, alertmanager: { receivers: [team] } });
        await checkout.succeed(
            "pulumi",
            "config",
            "set",
            "--path",
            "metrics-stack:alertmanager.receivers[0].name",
            "team",
        );
        await checkout.setSecret("alertmanager.receivers[0].slack.webhookUrl", "https://hooks.example.com/hunter2");
        await checkout.succeed("pulumi", "preview", "--non-interactive");
        write("shared/fleet.yaml", shared);
    });

    step("is deployed by one command, but for the host that is down", async () => {
        const { status, text } = await checkout.npm("up", "--stack", all);
        assert.equal(status, 1, text);
        for (const { stack } of [checkout, second]) {
            assert.match(text, new RegExp(`^ {2}${stack} +done +\\d+ s .*created`, "m"), text);
        }
        assert.match(
            text,
            new RegExp(
                `^ {2}\\d/3 ${down}: failed \\(1\\) after \\d+ s: No Docker engine answers at tcp://127\\.0\\.0\\.1:1`,
                "m",
            ),
        );
        assert.equal(
            docker("inspect", "--format", "{{.HostConfig.Memory}}", second.container("prometheus")),
            String(300 * 2 ** 20),
        );
    });

    step("is looked at on one screen, and says to programs which stack is how", async () => {
        const { text } = await checkout.npm("status", "--stack", all, "--no-drift");
        assert.match(text, /^ {2}STACK +RESULT +TIME +CONTAINERS +TARGETS UP +ALERTS$/m);
        assert.match(text, new RegExp(`^ {2}${checkout.stack} +well +\\d+ s +2 of 2 +2 of 2 +0 fire$`, "m"), text);
        assert.match(text, new RegExp(`^ {2}${down} +not found out .*No Docker engine answers`, "m"), text);
        const { status, text: document } = await checkout.npm("status", "--stack", all, "--json");
        const fleet = json(document);
        assert.equal(status, 1);
        assert.deepEqual(
            [fleet.exitCode, exits(fleet)],
            [1, { [checkout.stack]: 0, [second.stack]: 0, [down]: 1 }],
            document,
        );
        assert.equal(fleet.stacks.find(({ stack }) => stack === second.stack)?.output?.containers.length, 2);
    });

    step("is backed up into a file for each", async () => {
        const { status, text } = await checkout.npm(
            "backup",
            "--stack",
            `${checkout.stack},${second.stack}`,
            "{stack}.tar.gz",
        );
        assert.equal(status, 0, text);
        assert.deepEqual(
            checkout
                .files(".")
                .filter((file) => file.endsWith(".tar.gz"))
                .map((file) => path.basename(file))
                .sort(),
            [`${checkout.stack}.tar.gz`, `${second.stack}.tar.gz`].sort(),
        );
    });

    step("is destroyed by one command, but for the host that is down", async () => {
        const { status, text } = await checkout.npm("down", "--stack", all, "--json");
        assert.equal(status, 1, text);
        assert.deepEqual(exits(json(text)), { [checkout.stack]: 0, [second.stack]: 0, [down]: 1 }, text);
        assert.deepEqual([checkout.containers(), second.containers()], ["", ""]);
    });
});
