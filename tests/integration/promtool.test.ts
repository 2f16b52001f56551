import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { archive } from "../../components/delivery/archive";
import type { Observation, Question } from "../../components/observation";
import { images } from "../images";
import { project } from "../../toolchain/checkout";
import { output } from "../../toolchain/process";
import { golden } from "../golden";
import { Checkout, docker } from "./checkout";

/** Checks files with the promtool of the image that runs them; every path of the volume stands for one beside them. */
async function check(
    files: Readonly<Record<string, string>>,
    options = "",
): Promise<{ status: number | null; text: string }> {
    const script = `cd /tmp && tar -x && sed -i 's#/etc/prometheus/##' prometheus.yml && promtool check config ${options} prometheus.yml`;
    const container = ["run", "--rm", "--interactive", "--network", "none", "--entrypoint", "sh", images.prometheus];
    const { status, stdout, stderr } = spawnSync("docker", [...container, "-c", script], {
        input: await archive(files),
        encoding: "utf8",
    });
    return { status, text: `${stdout}${stderr}` };
}

describe("Prometheus' own tool", function () {
    this.timeout(30_000);

    it("accepts the files of the seed's three jobs", async () => {
        const { status, text } = await check(golden("seed"));
        assert.equal(status, 0, text);
    });

    it("accepts the files of a stack with Alertmanager", async () => {
        const { status, text } = await check(golden("alerting"));
        assert.equal(status, 0, text);
    });

    it("accepts the files of jobs with every setting", async () => {
        const secrets = ["everything.credentials", "everything.cert", "everything.key", "shop.api-v2.password"];
        const files = Object.fromEntries(secrets.map((file) => [`secrets/${file}`, "x"]));
        const { status, text } = await check({ ...golden("everything"), ...files });
        assert.equal(status, 0, text);
    });

    it("accepts traces and settings of the runtime", async () => {
        const files = Object.fromEntries(["cert", "key"].map((end) => [`secrets/@tracing.${end}`, "x"]));
        const { status, text } = await check({ ...golden("tracing"), ...files });
        assert.equal(status, 0, text);
    });

    it("accepts the files of an agent, and those of a server for none", async () => {
        const { status, text } = await check(golden("agent"), "--agent");
        assert.equal(status, 0, text);
        const server = await check(golden("seed"), "--agent");
        assert.match(server.text, /rule_files is not allowed in agent mode/);
    });

    it("is asked for real: it refuses an unknown key", async () => {
        const files = golden("seed");
        const { status, text } = await check({ ...files, "prometheus.yml": `${files["prometheus.yml"]}nonsense: 1\n` });
        assert.notEqual(status, 0);
        assert.match(text, /nonsense/);
    });
});

describe("npm run validate -- --promtool", function () {
    this.timeout(60_000);

    const checkout = new Checkout();
    after(() => checkout.remove());

    it("has it read what a stack file declares, and shows the job's place in the file", async () => {
        const job = (regex: string) => ({
            jobName: "shop",
            staticConfigs: [{ targets: ["shop:8080"] }],
            relabelConfigs: [{ sourceLabels: ["a"], regex, targetLabel: "b" }],
        });
        const file = `Pulumi.${checkout.stack}.yaml`;
        checkout.declare({ scrapeJobs: [job("(a)")] });
        assert.match(await checkout.succeed("validate", "--promtool", file), /: 3 scrape jobs/);
        checkout.declare({ scrapeJobs: [job("\\p{Latn}")] });
        const { status, text } = await checkout.npm("validate", "--promtool", file);
        assert.equal(status, 1);
        assert.match(
            text,
            new RegExp(`^  ${file}:\\d+: .*scrapeJobs\\[0\\]: "shop" is refused by promtool: .*Latn`, "m"),
        );
    });

    it("has it read each service discovery, and shows its place; AWS is not asked for a region", async () => {
        const file = `Pulumi.${checkout.stack}.yaml`;
        const declare = (...labels: string[]) => {
            const kubernetesSdConfigs = labels.map((label) => ({ role: "pod", selectors: [{ role: "pod", label }] }));
            checkout.declare({ scrapeJobs: [{ jobName: "all", ec2SdConfigs: [{ port: 9100 }], kubernetesSdConfigs }] });
        };
        declare("app=shop", "app in (shop)");
        assert.match(await checkout.succeed("validate", "--promtool", file), /: 3 scrape jobs/);
        declare("app=shop", "app in (shop");
        const { status, text } = await checkout.npm("validate", "--promtool", file);
        assert.equal(status, 1);
        const place = `^  ${file}:\\d+: .*scrapeJobs\\[0\\]\\.kubernetesSdConfigs\\[1\\]: "all" is refused by promtool: unable to parse`;
        assert.match(text, new RegExp(place, "m"));
    });
});

describe("Where the image cannot be had, the declaration is checked by", function () {
    this.timeout(30_000);

    const folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-promtool-"));
    const image = "localhost:1/prometheus:v3.13.5";

    before(() => {
        const container = docker("create", images.prometheus);
        docker("cp", `${container}:/bin/promtool`, path.join(folder, "promtool"));
        docker("rm", "--volumes", container);
    });

    after(() => rmSync(folder, { recursive: true }));

    /** What a preview is told of promtool. @param tools a folder that is first on the PATH */
    function told(files: Readonly<Record<string, string>>, tools = ""): unknown {
        const question: Question = {
            image,
            parts: [{ program: "prometheus", image, mountPath: "/etc/prometheus", files, secretFiles: [] }],
        };
        const stdout = output(process.execPath, ["components/delivery/observe.js"], {
            cwd: project,
            input: JSON.stringify(question),
            env: { PATH: `${tools}${path.delimiter}${process.env.PATH}` },
        });
        return (JSON.parse(stdout) as Observation).parts[0]?.refused;
    }

    it("a promtool of this machine, of the same minor version", () => {
        const files = golden("seed");
        assert.deepEqual(told(files, folder), { found: [] });
        const wrong = { ...files, "prometheus.yml": `${files["prometheus.yml"]}nonsense: 1\n` };
        assert.match(JSON.stringify(told(wrong, folder)), /"found":\[\{"words":"[^"]*field nonsense not found/);
    });

    it("nothing, which is said, where this machine has no such promtool", () => {
        const expected =
            /"unknown":"The image localhost:1\/prometheus:v3\.13\.5 cannot be had \(.*, and no promtool 3\.13 is on the PATH/;
        assert.match(JSON.stringify(told(golden("seed"))), expected);
        const older = mkdtempSync(path.join(folder, "older-"));
        writeFileSync(path.join(older, "promtool"), "#!/bin/sh\necho promtool, version 2.42.0\n", { mode: 0o755 });
        assert.match(JSON.stringify(told(golden("seed"), older)), expected);
    });
});
