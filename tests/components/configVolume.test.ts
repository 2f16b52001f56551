import assert from "node:assert/strict";
import { parse as parseYaml } from "yaml";
import { Prometheus } from "../../components/prometheus/resources";
import { created, inputsOf, optionsOf, registered, types, unsecret } from "../setup";
import { network, prometheusArgs } from "./declared";

describe("ConfigVolume", () => {
    const deliver = async (args: object = {}) => {
        new Prometheus("prometheus", { ...prometheusArgs, network: network(), ...args });
        await registered();
        const step = (name: string) => inputsOf(types.command, `prometheus-config-${name}`);
        return {
            stage: step("stage"),
            secrets: step("secrets"),
            activate: step("activate"),
            environment: (name: string) => step(name).environment as Record<string, string>,
        };
    };

    it("stages the files as readable YAML", async () => {
        const { stage, environment } = await deliver();
        assert.deepEqual(parseYaml(stage.stdin as string), prometheusArgs.files);
        assert.equal(stage.create, "node components/delivery/stage.js");
        assert.equal(environment("stage").IMAGE, "prom/prometheus:v3.13.5");
        assert.match(environment("stage").CHECK ?? "", /promtool check config/);
    });

    it("keys both steps on the content of the files, and activates in the container that runs", async () => {
        const before = await deliver();
        const releases = [before.environment("stage").RELEASE, before.environment("activate").RELEASE];
        assert.match(releases[0] ?? "", /^[0-9a-f]{12}$/);
        assert.equal(releases[0], releases[1]);
        assert.equal(before.environment("activate").CONTAINER, "prometheus-id");
        assert.equal(before.environment("activate").PROGRAM, "prometheus");
        created.length = 0;
        const after = await deliver({ files: { "prometheus.yml": "global: {}\n" } });
        assert.notEqual(after.environment("stage").RELEASE, releases[0]);
    });

    it("stages before the container and activates after it", async () => {
        await deliver();
        assert.ok(optionsOf("prometheus").dependencies.includes("prometheus-config-stage"));
        assert.ok(optionsOf("prometheus-config-stage").dependencies.includes("prometheus-config-secrets"));
        assert.deepEqual(
            ["prometheus", "prometheus-config-stage"].filter(
                (name) => !optionsOf("prometheus-config-activate").dependencies.includes(name),
            ),
            [],
        );
    });

    it("hands secrets over by stdin, marked as secret, and logs nothing", async () => {
        const { secrets, stage, activate } = await deliver();
        assert.deepEqual(JSON.parse(unsecret(secrets.stdin) as string), { "a.password": "hunter2" });
        assert.equal(secrets.logging, "none");
        assert.doesNotMatch(JSON.stringify([stage, activate]), /hunter2/);
    });

    it("never has triggers: they would replace a step, and the container after it", async () => {
        const { stage, secrets, activate } = await deliver();
        for (const step of [stage, secrets, activate]) {
            assert.ok(!("triggers" in step));
            assert.equal(step.addPreviousOutputInEnv, false);
        }
    });

    it("runs every step again in another generation, but not for one that nobody could ask for", async () => {
        const steps = ["secrets", "stage", "activate"];
        const { environment } = await deliver({ generation: "2: somebody changed targets/a.yml" });
        for (const step of steps) {
            assert.equal(environment(step).GENERATION, "2: somebody changed targets/a.yml");
            assert.deepEqual(optionsOf(`prometheus-config-${step}`).ignoreChanges, []);
        }
        created.length = 0;
        await deliver();
        for (const step of steps) {
            assert.deepEqual(optionsOf(`prometheus-config-${step}`).ignoreChanges, ["environment.GENERATION"]);
        }
    });

    it("reaches the stack's own Docker host", async () => {
        const { environment } = await deliver({ dockerHost: "ssh://admin@web-1" });
        for (const step of ["stage", "secrets", "activate"]) {
            assert.equal(environment(step).DOCKER_HOST, "ssh://admin@web-1");
        }
    });
});
