import assert from "node:assert/strict";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { project } from "../../toolchain/checkout";
import { output } from "../../toolchain/process";

/** In a checkout of its own, with a state, and with a docker that says what the test has it say. */
describe("Whether a stack is as it was deployed", function () {
    this.timeout(20_000);

    let folder: string;
    let environment: Record<string, string>;
    const container = {
        Id: "c1",
        State: { Running: true, Pid: 1, Health: { Status: "healthy" } },
        RestartCount: 0,
        HostConfig: { Memory: 100 },
        Mounts: [{ Destination: "/a" }, { Destination: "/b" }],
        NetworkSettings: { Ports: {}, Networks: { own: { EndpointID: "e1", IPAddress: "172.28.0.2" } } },
    };
    const volume = { Name: "v1", Driver: "local" };
    const resources = [
        { type: "pulumi:pulumi:Stack", outputs: {} },
        { type: "docker:index/container:Container", id: "c1", inputs: { memory: 100 }, outputs: { memory: 100 } },
        { type: "docker:index/volume:Volume", id: "v1", outputs: {} },
    ];

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-deployed-"));
        environment = { PATH: `${folder}/bin:${process.env.PATH}`, DOCKER_HOST: "ssh://web-1" };
        for (const copied of ["toolchain", "tests/typescript.js", "tsconfig.json"]) {
            cpSync(path.join(project, copied), path.join(folder, copied), { recursive: true });
        }
        symlinkSync(path.join(project, "node_modules"), path.join(folder, "node_modules"));
        mkdirSync(path.join(folder, "bin"));
        inspect([container, volume]);
        state({ resources });
        ask("noteDeployed");
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const inspect = (objects: readonly object[], status = 0) => {
        const docker = path.join(folder, "bin", "docker");
        writeFileSync(docker, `#!/bin/sh\ncat <<'END'\n${JSON.stringify(objects)}\nEND\nexit ${status}\n`);
        chmodSync(docker, 0o755);
    };
    const state = (latest: object) => {
        const stacks = path.join(folder, ".state", ".pulumi", "stacks", "metrics-stack");
        mkdirSync(stacks, { recursive: true });
        writeFileSync(path.join(stacks, "dev.json"), JSON.stringify({ checkpoint: { latest } }));
    };
    const ask = (what: string, backend = `file://${folder}/.state`) => {
        const call = `require("./toolchain/asDeployed").${what}("dev", ${JSON.stringify({ PULUMI_BACKEND_URL: backend })})`;
        const script = `require("./tests/typescript"); ${call}.then((said) => console.log(String(said)))`;
        return output(process.execPath, ["-e", script], { cwd: folder, env: environment }).trim();
    };
    const isAsDeployed = () => ask("isAsDeployed") === "true";

    it("it is, where nothing happened", () => assert.ok(isAsDeployed()));

    it("it is, where only passed what passes by itself", () => {
        const { Networks, ...settings } = container.NetworkSettings;
        const later = {
            ...container,
            RestartCount: 1,
            State: { Running: true, Pid: 2, Health: { Status: "starting" } },
            Mounts: [...container.Mounts].reverse(),
            NetworkSettings: { ...settings, Networks: { own: { ...Networks.own, EndpointID: "e2" } } },
        };
        inspect([later, volume]);
        state({ resources: [...resources].reverse() });
        assert.ok(isAsDeployed());
    });

    it("it is, where Pulumi found nothing to do since", () => {
        const written = { memory: 100, dns: [], privileged: false, __pulumi_raw_state_delta: { map: {} } };
        state({ resources: changed({ outputs: written, modified: "2026-11-25T10:00:00Z" }) });
        assert.ok(isAsDeployed());
    });

    const changed = (properties: object) =>
        resources.map((each) => (each.id === "c1" ? { ...each, ...properties } : each));

    const changes: [what: string, change: () => void][] = [
        ["a container was stopped", () => inspect([{ ...container, State: { Running: false } }, volume])],
        ["an object was removed", () => inspect([container], 1)],
        ["a setting was changed", () => inspect([{ ...container, HostConfig: { Memory: 200 } }, volume])],
        ["a volume was made anew", () => inspect([container, { ...volume, CreatedAt: "now" }])],
        ["the state was changed", () => state({ resources: changed({ inputs: { memory: 200 } }) })],
        ["the state was refreshed since", () => state({ resources: changed({ outputs: { memory: 200 } }) })],
        [
            "the state knows one more",
            () => state({ resources: [...resources, { type: "docker:index/network:Network", id: "n1" }] }),
        ],
        ["a deployment broke off", () => state({ resources, pending_operations: [{}] })],
        [
            "a resource has errors",
            () => state({ resources: resources.map((each) => ({ ...each, initErrors: ["x"] })) }),
        ],
        ["the state is lost", () => rmSync(path.join(folder, ".state"), { recursive: true })],
        ["it is another host", () => (environment.DOCKER_HOST = "ssh://web-2")],
    ];
    for (const [what, change] of changes) {
        it(`it is not: ${what}`, () => {
            change();
            assert.ok(!isAsDeployed());
        });
    }

    it("nobody knows where another backend has the state", () => {
        assert.equal(ask("isAsDeployed", "s3://states"), "false");
    });

    it("is noted of a deployment that runs only", () => {
        inspect([{ ...container, State: { Running: false } }, volume]);
        ask("noteDeployed");
        inspect([container, volume]);
        assert.ok(!isAsDeployed());
    });

    it("is noted of no deployment that has looked at a container while it did not run", () => {
        const [stack, { id, type }, ...others] = resources as [object, { id: string; type: string }, ...object[]];
        const ports = [{ internal: 9090, external: 9090 }];
        const ended = (seen: object) => {
            state({ resources: [stack, { id, type, inputs: { ports }, outputs: seen }, ...others] });
            ask("noteDeployed");
            return isAsDeployed();
        };
        assert.ok(ended({ ports }));
        assert.ok(!ended({ ports: [] }));
    });
});
