import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { stringify } from "yaml";
import { renderGrafanaFiles } from "../../../components/grafana/files";
import { project } from "../../../toolchain/checkout";
import { parse } from "../../declaration";
import { freePort } from "../../integration/checkout";

/** What nearly every example has: a data source without a uid of its own. */
const dataSource = {
    name: "Prometheus",
    type: "prometheus",
    access: "proxy",
    url: "http://prometheus:9090",
    isDefault: true,
};

/** With the double of Grafana, on this machine: no engine is asked. */
describe("A Grafana database from elsewhere", () => {
    let folder: string;
    let env: NodeJS.ProcessEnv;
    let port: number;

    beforeEach(async () => {
        folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-takeover-"));
        for (const each of ["bin", "data", "volume"]) {
            mkdirSync(path.join(folder, each));
        }
        copyFileSync(path.join(__dirname, "machineAsContainer.sh"), path.join(folder, "bin", "docker"));
        const double = path.join(project, "tests", "integration", "grafana_double", "grafana");
        const start = `#!/bin/sh\nexec python3 ${double} "$@"\n`;
        writeFileSync(path.join(folder, "bin", "grafana"), start, { mode: 0o755 });
        port = await freePort();
        env = {
            ...{ PATH: `${folder}/bin:${process.env.PATH}`, GF_SERVER_HTTP_PORT: String(port), GF_PATHS_HOME: folder },
            ...{ GF_PATHS_DATA: `${folder}/data`, GF_PATHS_PROVISIONING: `${folder}/volume/current/provisioning` },
            ...{ GF_AUTH_ANONYMOUS_ENABLED: "false", GF_SECURITY_SECRET_KEY: "x".repeat(32) },
            ...{
                VOLUME: "v",
                IMAGE: "i",
                MOUNT_PATH: `${folder}/volume`,
                WATCHED_FOLDER: "dashboards",
                GENERATION: "1",
            },
            ...{ RELEASE: "1", CHECK: "true", CONTAINER: "grafana", START_TIMEOUT: "20000" },
        };
    });
    afterEach(() => {
        spawnSync("sh", ["-c", `kill $(cat ${folder}/bin/pid)`]);
        rmSync(folder, { recursive: true });
    });

    function run(command: string, args: readonly string[], input = ""): string {
        const { status, stdout, stderr } = spawnSync(command, args, {
            env,
            input,
            cwd: project,
            encoding: "utf8",
            timeout: 20_000,
        });
        assert.equal(status, 0, stderr);
        return stdout;
    }
    const program = (does: string) =>
        run(process.execPath, [
            "-e",
            `Promise.resolve(require("./components/grafana/delivery.js").${does}("grafana"))`,
        ]);
    async function sources(): Promise<{ id: number; uid: string; name: string; url: string; isDefault: boolean }[]> {
        const headers = { authorization: `Basic ${Buffer.from("admin:password").toString("base64")}` };
        return (await (await fetch(`http://127.0.0.1:${port}/api/datasources`, { headers })).json()) as never;
    }

    /** What somebody ran before, and then the files of the stack. */
    function prepare(): void {
        const release = (files: Readonly<Record<string, string>>) =>
            run(process.execPath, ["components/delivery/stage.js"], stringify(files));
        const source = { url: "http://p:9090", access: { scheme: "http" } } as const;
        const files = renderGrafanaFiles({ ...parse({}), ownDashboards: {}, source }, []);
        const provider = files["provisioning/dashboards/dashboards.yml"] ?? "";
        const before = stringify({ apiVersion: 1, datasources: [dataSource] });
        release({ "provisioning/datasources/old.yml": before, "provisioning/dashboards/old.yml": provider });
        run("docker", ["restart", "grafana"]);
        run("sh", [
            "-c",
            "until docker inspect --format '{{json .State.Health}}' grafana | grep -q healthy; do sleep 0.1; done",
        ]);
        rmSync(path.join(folder, "volume"), { recursive: true });
        mkdirSync(path.join(folder, "volume"));
        release(files);
        writeFileSync(path.join(folder, "volume", "secrets", "admin-password"), "password");
        run("docker", ["restart", "grafana"]);
    }

    for (const [how, setting] of [
        ["does not start", {}],
        ["starts without it", { STARTS_ANYWAY: "yes" }],
    ] as const) {
        it(`makes room for our data source, once, where Grafana ${how}`, async function () {
            this.timeout(60_000);
            Object.assign(env, setting);
            prepare();
            const said = program("ready");
            const found = await sources();
            const [ours, theirs] = [found.find(({ uid }) => uid === "metrics-stack-prometheus"), found[1]];
            assert.equal(found.length, 2);
            assert.deepEqual([ours?.name, ours?.isDefault, ours?.url], ["Prometheus", true, "http://p:9090"]);
            assert.deepEqual([theirs?.name, theirs?.url], [`Prometheus (${theirs?.uid})`, "http://p:9090"]);
            assert.match(said, new RegExp(`data source ${theirs?.uid} of Grafana's database is called Prometheus`));

            run("docker", ["restart", "grafana"]);
            assert.equal(program("ready"), "");
            assert.deepEqual(await sources(), found);
        });
    }
});
