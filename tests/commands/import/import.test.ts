import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { project } from "../../../toolchain/checkout";

const config = `global: {scrape_interval: 15s, evaluation_interval: 15s}
rule_files: [alerts.yml]
scrape_configs:
  - job_name: shop
    basic_auth: {username: me, password: hunter2}
    static_configs: [{targets: ["shop:8000"]}]
`;
const rules = "groups: [{name: ours, rules: [{alert: ShopDown, expr: up == 0}]}]\n";

/** What a command needs of the checkout: no stack of somebody's, and nothing that is not under version control. */
const isNeeded = (file: string) => !/^(node_modules|rules|\.[^/]*|Pulumi\.(?!yaml).*)(\/|$)/.test(file);

describe("npm run import", function () {
    this.timeout(60_000);

    /** A copy of the checkout, as far as stack files are written and checked in it; Docker is none. */
    const folder = mkdtempSync(path.join(tmpdir(), "import-"));
    const files = path.join(folder, "files");
    const checkout = path.join(folder, "checkout");
    before(() => {
        cpSync(project, checkout, { recursive: true, filter: (file) => isNeeded(path.relative(project, file)) });
        symlinkSync(path.join(project, "node_modules"), path.join(checkout, "node_modules"));
        mkdirSync(files);
        writeFileSync(path.join(files, "prometheus.yml"), config);
        writeFileSync(path.join(files, "alerts.yml"), rules);
    });
    after(() => rmSync(folder, { recursive: true }));

    function run(...args: string[]): { status: number | null; text: string } {
        const { status, stdout, stderr } = spawnSync(process.execPath, ["commands/run.js", "import", ...args], {
            cwd: checkout,
            encoding: "utf8",
            env: { ...process.env, DOCKER_HOST: `unix://${folder}/none` },
        });
        return { status, text: `${stdout}${stderr}` };
    }

    it("writes a stack file and what it names, and says what is to be done", () => {
        const { status, text } = run("--stack", "shop", files);
        assert.equal(status, 0, text);
        assert.match(text, / 4 +moved +job "shop": 1 target/);
        assert.match(text, /rules\/shop\/alerts\.yml is written\.\nPulumi\.shop\.yaml is written\./);
        assert.match(
            text,
            /config set --stack shop --path --secret 'metrics-stack:scrapeJobs\[0\]\.basicAuth\.password'/,
        );
        assert.equal(readFileSync(path.join(checkout, "rules/shop/alerts.yml"), "utf8"), rules);
        const written = readFileSync(path.join(checkout, "Pulumi.shop.yaml"), "utf8");
        assert.match(written, /^# yaml-language-server: \$schema=stackFile\.schema\.json\nconfig:\n {2}metrics-stack:/);
        assert.doesNotMatch(written + text, /hunter2/);
    });

    it("never overwrites a file", () => {
        const again = run("--stack", "shop", files);
        assert.equal(again.status, 1);
        assert.match(again.text, /Pulumi\.shop\.yaml is there already, and is never overwritten/);
        mkdirSync(path.join(checkout, "rules/other"), { recursive: true });
        writeFileSync(path.join(checkout, "rules/other/alerts.yml"), "mine");
        const other = run("--stack", "other", files);
        assert.equal(other.status, 1);
        assert.match(other.text, /rules\/other\/alerts\.yml is there already, and is never overwritten/);
        assert.ok(!existsSync(path.join(checkout, "Pulumi.other.yaml")));
    });

    it("compares with the stack file that there is, and finds what somebody changed", () => {
        const stackFile = path.join(checkout, "Pulumi.shop.yaml");
        const secret = "username: me, password: {secure: v1:abc}";
        writeFileSync(stackFile, readFileSync(stackFile, "utf8").replace("username: me", secret));
        const same = run("--stack", "shop", "--check", files);
        assert.equal(same.status, 0, same.text);
        writeFileSync(stackFile, readFileSync(stackFile, "utf8").replace("shop:8000", "shop:9000"));
        const { status, text } = run("--stack", "shop", "--check", files);
        assert.equal(status, 1, text);
        assert.match(text, /job "shop": target shop:8000 is not there any more.*nobody knows why/);
    });

    it("writes nothing where something does not move", () => {
        writeFileSync(path.join(files, "prometheus.yml"), config.replace("shop:8000", "${SHOP}:8000"));
        const { status, text } = run("--stack", "new", files);
        assert.equal(status, 1);
        assert.match(text, /nothing was written:\n {2}.*prometheus\.yml:6: a placeholder: \$\{SHOP\}:8000/);
        assert.ok(!existsSync(path.join(checkout, "Pulumi.new.yaml")));
    });

    it("asks which one is meant of several, and says what is not there", () => {
        writeFileSync(path.join(files, "second.yml"), config);
        assert.match(
            run("--stack", "new", files).text,
            /There are several configurations of Prometheus: .*Name one of them/,
        );
        assert.match(
            run("--stack", "new", "nowhere").text,
            /There is no nowhere; name files, or a folder that holds them/,
        );
        assert.match(run("--stack", "new").text, /no path is named; write npm run import/);
        assert.match(
            run("--stack", "new", "--check", files).text,
            /The stack new has no Pulumi\.new\.yaml; import it first/,
        );
    });
});
