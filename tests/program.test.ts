import assert from "node:assert/strict";
import { hostname } from "node:os";
import * as pulumi from "@pulumi/pulumi";
import { parse as parseYaml } from "yaml";
import type { KnownEngine } from "../components/knownEngine";
import { ConfigError } from "../config/schema/problems";
import { commandInputs, commandKind } from "../toolchain/plugins/command/command";
import { containerKind } from "../toolchain/plugins/docker/container";
import { containerInputs, networkInputs, volumeInputs } from "../toolchain/plugins/docker/inputs";
import { networkKind } from "../toolchain/plugins/docker/network";
import { volumeKind } from "../toolchain/plugins/docker/volume";
import type { ResourceKind } from "../toolchain/plugins/shared/provider";
import { noEngine } from "./plugins/engine";
import {
    created,
    engine,
    host,
    inputsOf,
    observations,
    optionsOf,
    registered,
    types,
    unsecret,
    valueOf,
} from "./setup";

interface Outputs {
    readonly prometheusUrl: string;
    readonly alertmanagerUrl?: string;
    readonly grafanaUrl?: string;
    readonly grafanaAdminPassword?: pulumi.Output<string>;
    readonly scrapeJobs: readonly { jobName: string; targets: string[] }[];
    readonly dockerEngine?: KnownEngine;
}

/** Runs index.ts with a stack file's values, as Pulumi hands them over. */
async function run(config: Record<string, unknown>, encrypted: readonly string[] = []): Promise<Outputs> {
    created.length = 0;
    const entries = Object.entries(config).map(([key, value]) => [
        `metrics-stack:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
    ]);
    pulumi.runtime.setAllConfig(
        Object.fromEntries(entries),
        encrypted.map((key) => `metrics-stack:${key}`),
    );
    const program = require.resolve("../index");
    delete require.cache[program];
    // The program takes the stack traces away; a test that fails should have one.
    const { stackTraceLimit } = Error;
    try {
        // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import runs the program only once
        const stackProgram = require(program) as () => Promise<Outputs>;
        const outputs = await stackProgram();
        await registered();
        return outputs;
    } finally {
        Error.stackTraceLimit = stackTraceLimit;
    }
}

const seed = { webBe: { enabled: true } };
const shop = { jobName: "shop", staticConfigs: [{ targets: ["shop:8080"] }] };

const team = { name: "team", slack: { webhookUrl: "https://hooks.example.com/hunter2" } };
const alerting = { alertmanager: { enabled: true, receivers: [team] } };

/** Every resource with its inputs, to compare two runs. */
const snapshot = () => new Map(created.map(({ type, name, inputs }) => [`${type} ${name}`, JSON.stringify(inputs)]));

describe("The program", function () {
    // Grafana's image is no matter of these tests, but the environment may say that it cannot be had.
    const withoutGrafana = process.env.METRICS_STACK_WITHOUT_GRAFANA;
    beforeEach(() => delete process.env.METRICS_STACK_WITHOUT_GRAFANA);
    after(() => {
        if (withoutGrafana !== undefined) {
            process.env.METRICS_STACK_WITHOUT_GRAFANA = withoutGrafana;
        }
    });

    it("deploys the seed's stack: three jobs, two addresses, one secret", async () => {
        const { grafanaAdminPassword, dockerEngine: _, ...outputs } = await run(seed);
        const nodeExporter = outputs.scrapeJobs[1]?.targets[0] ?? "";
        assert.match(nodeExporter, /^172\.\d+\.\d+\.1:9100$/);
        assert.deepEqual(outputs, {
            prometheusUrl: "http://127.0.0.1:9090",
            consoleUrl: "http://127.0.0.1:9090/consoles/overview.html",
            grafanaUrl: "http://127.0.0.1:3000",
            scrapeJobs: [
                { jobName: "prometheus", targets: ["localhost:9090"] },
                { jobName: "node_exporter", targets: [nodeExporter] },
                { jobName: "web_be", targets: ["metrics-stack-test-web-be:8000"] },
            ],
        });
        assert.equal(await pulumi.isSecret(grafanaAdminPassword as pulumi.Output<string>), true);
        const stdin = String(inputsOf(types.command, "prometheus-config-stage").stdin);
        assert.ok(stdin.includes(`instance: ${hostname()}`), "node_exporter's instance is this machine");
    });

    it("gives every resource a parent, a name of its own and the stack's own Docker host", async () => {
        await run({ ...seed, ...alerting }, ["alertmanager"]);
        const names = created.map(({ name, type }) => `${type} ${name}`);
        assert.equal(new Set(names).size, names.length);
        const roots = new Set([
            ...["docker-host", "network", "prometheus", "alertmanager"],
            ...["node-exporter", "grafana", "web-be", "protection"],
        ]);
        for (const { name, type, provider, custom } of created) {
            if (custom && type !== "pulumi:providers:docker") {
                assert.ok(optionsOf(name).parent.includes("monitoring:index:"), `${type} ${name} has no component`);
            } else {
                assert.ok(roots.has(name) || optionsOf(name).parent.includes("monitoring:index:"), name);
            }
            if (type.startsWith("docker:")) {
                assert.match(provider ?? "", /::docker-host::/, `${type} ${name}`);
            }
        }
    });

    it("gives the plugins from packages each input that they have, and no other", async () => {
        host.observed = { parts: [{}, {}, {}, {}], engine: { found: { ...engine, securityOptions: ["name=userns"] } } };
        await run({ ...seed, ...alerting, cadvisor: { enabled: true } }, ["alertmanager"]);
        const plugins: [type: string, kind: ResourceKind, inputs: readonly string[]][] = [
            [types.container, containerKind(noEngine), Object.keys(containerInputs)],
            [types.network, networkKind(noEngine), Object.keys(networkInputs)],
            [types.volume, volumeKind(noEngine), Object.keys(volumeInputs)],
            [types.command, commandKind, commandInputs],
        ];
        for (const [type, kind, inputs] of plugins) {
            const given = created.filter((resource) => resource.type === type);
            assert.deepEqual(
                given.flatMap((resource) => kind.check(resource.name, resource.inputs)),
                [],
            );
            assert.deepEqual(
                new Set(given.flatMap((resource) => Object.keys(resource.inputs)).sort()),
                new Set([...inputs].sort()),
                type,
            );
        }
    });

    it("touches no container when a job is added: only the delivery of Prometheus' files", async () => {
        await run(seed);
        const before = snapshot();
        await run({ ...seed, scrapeJobs: [shop] });
        const after = snapshot();
        assert.deepEqual([...after.keys()], [...before.keys()]);
        assert.deepEqual(
            [...after]
                .filter(([key, inputs]) => before.get(key) !== inputs)
                .map(([key]) => key)
                .sort(),
            [`${types.command} prometheus-config-activate`, `${types.command} prometheus-config-stage`],
        );
    });

    it("turns Alertmanager on beside a Prometheus that runs on, and off again", async () => {
        await run(seed);
        const before = snapshot();
        const outputs = await run({ ...seed, ...alerting }, ["alertmanager"]);
        const after = snapshot();
        assert.equal(outputs.alertmanagerUrl, "http://127.0.0.1:9093");
        assert.deepEqual(outputs.scrapeJobs[1], {
            jobName: "alertmanager",
            targets: ["metrics-stack-test-alertmanager:9093"],
        });
        assert.deepEqual(
            [...before.keys()].filter((key) => after.get(key) !== before.get(key)),
            [`${types.command} prometheus-config-stage`, `${types.command} prometheus-config-activate`],
        );
        const added = [...after.keys()].filter((key) => !before.has(key));
        assert.ok(added.includes(`${types.container} alertmanager`));
        assert.ok(added.every((key) => / alertmanager(-|$)/.test(key)));
    });

    it("hands a receiver's secret over as a secret only", async () => {
        await run(alerting, ["alertmanager"]);
        const { stdin } = inputsOf(types.command, "alertmanager-config-secrets");
        assert.deepEqual(JSON.parse(unsecret(stdin) as string), { "team.slack-url": team.slack.webhookUrl });
        const others = created.filter(({ name }) => name !== "alertmanager-config-secrets");
        assert.doesNotMatch(JSON.stringify([others.map(({ inputs }) => inputs), observations]), /hunter2/);
    });

    it("has amtool check the very file that it delivers, and asks for changes to its volume", async () => {
        await run(alerting, ["alertmanager"]);
        const [question] = observations;
        const { stdin, environment } = inputsOf(types.command, "alertmanager-config-stage");
        const { IMAGE } = environment as Record<string, string>;
        const alertmanager = question?.parts.find(({ program }) => program === "alertmanager");
        assert.equal(alertmanager?.image, IMAGE);
        assert.deepEqual(alertmanager?.files, parseYaml(String(stdin)));
        assert.equal(alertmanager?.deployed?.volume, "metrics-stack-test-alertmanager-config");
    });

    it("declares nothing at all where amtool says no", async () => {
        host.observed = { parts: [{}, { refused: { found: [{ words: "field url_file not found" }] } }, {}] };
        await assert.rejects(run(alerting, ["alertmanager"]), (error: Error) => {
            assert.deepEqual(error.message.split("\n").slice(1), [
                "  metrics-stack:alertmanager: is refused by amtool: field url_file not found",
            ]);
            return true;
        });
        assert.deepEqual(created, []);
    });

    it("delivers Alertmanager's files again in another generation", async () => {
        const generation = "2: somebody changed secrets/team.slack-url";
        host.observed = { parts: ["1", generation, "1"].map((found) => ({ generation: { found } })) };
        await run(alerting, ["alertmanager"]);
        const { environment } = inputsOf(types.command, "alertmanager-config-stage");
        assert.equal((environment as Record<string, string>).GENERATION, generation);
    });

    it("touches no container when a job says what it exposes: its dashboards are files that Grafana watches", async () => {
        await run({ ...seed, scrapeJobs: [shop] });
        const before = snapshot();
        await run({ ...seed, scrapeJobs: [{ ...shop, host: {} }] });
        const changed = [...snapshot()].filter(([key, inputs]) => before.get(key) !== inputs).map(([key]) => key);
        assert.ok(changed.includes(`${types.command} grafana-config-stage`));
        assert.deepEqual(
            changed.filter((key) => !/^command:local:Command \S+-config-(stage|activate)$/.test(key)),
            [],
        );
    });

    it("derives Grafana's data source from Prometheus and the scrape interval", async () => {
        await run({ scrapeInterval: "30s" });
        const stdin = String(inputsOf(types.command, "grafana-config-stage").stdin);
        assert.ok(stdin.includes("url: http://metrics-stack-test-prometheus:9090"));
        assert.ok(stdin.includes("timeInterval: 30s"));
    });

    it("leaves out what is turned off, with its job and outputs", async () => {
        const outputs = await run({ nodeExporter: { enabled: false }, grafana: { enabled: false } });
        assert.deepEqual(
            outputs.scrapeJobs.map(({ jobName }) => jobName),
            ["prometheus"],
        );
        assert.deepEqual(Object.keys(outputs).sort(), ["consoleUrl", "dockerEngine", "prometheusUrl", "scrapeJobs"]);
        assert.deepEqual(
            created.filter(({ name }) => /grafana|node-exporter|web-be/.test(name)),
            [],
        );
    });

    it("comes up without Grafana where its image cannot be had", async () => {
        process.env.METRICS_STACK_WITHOUT_GRAFANA = "no image";
        const outputs = await run(seed);
        assert.equal(outputs.grafanaUrl, undefined);
        assert.deepEqual(
            created.filter(({ name }) => name.startsWith("grafana")),
            [],
        );
    });

    it("hands secrets of an encrypted key over as secrets only", async () => {
        const password = "hunter2";
        const job = { ...shop, basicAuth: { username: "u", password } };
        const outputs = await run({ scrapeJobs: [job], grafana: { adminPassword: "hunter3-of-grafana" } }, [
            "scrapeJobs",
            "grafana",
        ]);
        const secrets = inputsOf(types.command, "prometheus-config-secrets");
        assert.deepEqual(JSON.parse(unsecret(secrets.stdin) as string), { "shop.password": password });
        assert.equal(await valueOf(outputs.grafanaAdminPassword as pulumi.Output<string>), "hunter3-of-grafana");
        const others = created.filter(({ name }) => !name.endsWith("-secrets"));
        assert.doesNotMatch(JSON.stringify(others.map(({ inputs }) => inputs)), /hunter/);
    });

    it("refuses a secret of a key that is not encrypted", async () => {
        const job = { ...shop, basicAuth: { username: "u", password: "hunter2" } };
        await assert.rejects(run({ scrapeJobs: [job] }), /basicAuth\.password: is in plain text/);
    });

    it("reaches another Docker host with its provider and its commands", async () => {
        await run({ dockerHost: "ssh://admin@web-1" });
        assert.equal(inputsOf("pulumi:providers:docker", "docker-host").host, "ssh://admin@web-1");
        const { environment } = inputsOf(types.command, "prometheus-config-stage");
        assert.equal((environment as Record<string, string>).DOCKER_HOST, "ssh://admin@web-1");
    });

    describe("names the metrics of its host", () => {
        /** The label of node_exporter's target, and what is kept for the next deployment. */
        async function instance(dockerHost: string | undefined, lastOutputs: object) {
            host.lastOutputs = lastOutputs;
            const { dockerEngine } = await run({
                ...(dockerHost !== undefined && { dockerHost }),
                grafana: { enabled: false },
            });
            const stdin = String(inputsOf(types.command, "prometheus-config-stage").stdin);
            const [, label] = /instance: (\S+)/.exec(stdin) ?? [];
            return { label, kept: dockerEngine && { dockerEngine } };
        }

        it("as the engine calls its machine, however it is reached", async () => {
            const first = await instance("ssh://admin@10.0.0.5", {});
            assert.equal(first.label, engine.name);
            assert.equal((await instance("ssh://somebody@db.example.com", first.kept ?? {})).label, engine.name);
            assert.equal((await instance(undefined, {})).label, engine.name);
        });

        it("as before, where the stack was deployed before its engine was asked; whoever deploys after that", async () => {
            const deployedBefore = { prometheusUrl: "http://127.0.0.1:9090" };
            const first = await instance("ssh://admin@10.0.0.5", deployedBefore);
            assert.equal(first.label, "10.0.0.5");
            const second = await instance("ssh://somebody@db.example.com", { ...deployedBefore, ...first.kept });
            assert.equal(second.label, "10.0.0.5");
            assert.equal((await instance("ssh://x@db-2.example.com", second.kept ?? {})).label, "10.0.0.5");
        });

        it("anew, where the stack moves to another host", async () => {
            const { kept } = await instance("ssh://admin@10.0.0.5", { prometheusUrl: "http://127.0.0.1:9090" });
            host.observed = { parts: [{}, {}, {}], engine: { found: { ...engine, id: "2", name: "db-1" } } };
            assert.equal((await instance("ssh://admin@10.0.0.6", kept ?? {})).label, "db-1");
        });

        it("as the last deployment did, where nobody may ask the host", async () => {
            const { kept } = await instance("ssh://admin@10.0.0.5", { prometheusUrl: "http://127.0.0.1:9090" });
            process.env.METRICS_STACK_SKIP_HOST_CHECKS = "true";
            try {
                assert.deepEqual(await instance("ssh://admin@10.0.0.5", kept ?? {}), { label: "10.0.0.5", kept });
            } finally {
                delete process.env.METRICS_STACK_SKIP_HOST_CHECKS;
            }
        });
    });

    it("declares containers as their engine can run them, also where nobody may ask it", async () => {
        const securityOptions = ["name=rootless", "name=userns"];
        const facts = { found: { networks: [], volumes: [], containers: [], sharedRoot: false } };
        const odd = { ...engine, securityOptions, memoryLimit: false };
        host.observed = { facts, parts: [{}, {}, {}], engine: { found: odd } };
        const { dockerEngine } = await run(seed);
        const asked = snapshot();
        const exporter = inputsOf(types.container, "node-exporter");
        assert.deepEqual([exporter.usernsMode, exporter.memory], ["host", undefined]);
        assert.ok(!JSON.stringify(exporter.mounts).includes("rslave"));
        assert.ok(JSON.stringify(inputsOf(types.container, "prometheus").hosts).includes("host-gateway"));
        host.lastOutputs = { dockerEngine };
        process.env.METRICS_STACK_SKIP_HOST_CHECKS = "true";
        try {
            await run(seed);
        } finally {
            delete process.env.METRICS_STACK_SKIP_HOST_CHECKS;
        }
        const containers = [...asked.keys()].filter((key) => key.startsWith(types.container));
        assert.equal(containers.length, 4);
        containers.forEach((key) => assert.equal(snapshot().get(key), asked.get(key), key));
    });

    it("declares nothing at all where the Docker host does not answer, or is open to everybody", async () => {
        host.observed = { unreachable: { message: "No Docker engine answers: why.", passes: true } };
        await assert.rejects(run({}), /^Error: No Docker engine answers: why\. Nothing was changed\.$/);
        await assert.rejects(run({ dockerHost: "tcp://web-1:2375" }), /dockerHost: tcp:\/\/web-1:2375 is without TLS/);
        assert.deepEqual(created, []);
    });

    it("declares nothing at all where another state deployed what runs, and says whose it is", async () => {
        const there = (name: string) => ({ name, id: `${name}-id` });
        const own = ["metrics-stack-test-prometheus", "metrics-stack-test-grafana"].map(there);
        host.observed = { facts: { found: { networks: [], volumes: [], containers: [], own } }, parts: [] };
        const known = (name: string) => ({
            [`urn:pulumi:test::metrics-stack::${types.container}::${name}`]: {
                type: types.container,
                outputs: there(`metrics-stack-test-${name}`),
            },
        });
        host.state = known("grafana");
        await assert.rejects(run({}), (error: Error) => {
            assert.ok(pulumi.RunError.isInstance(error));
            assert.match(
                error.message,
                /that this state does not know: metrics-stack-test-prometheus\. Nothing was changed\./,
            );
            assert.match(
                error.message,
                /PULUMI_BACKEND_URL.*pulumi import.*another name.*docker rm --force \S+-prometheus &&/,
            );
            return true;
        });
        assert.deepEqual(created, []);
        host.state = { ...known("grafana"), ...known("prometheus") };
        await run({});
        assert.deepEqual(observations.at(-1)?.host?.known?.containers, own.map(({ id }) => id).reverse());
    });

    it("declares nothing at all where a renamed stack would begin without its data, and says where that is", async () => {
        const volume = (stack: string, role: string) => `metrics-stack-${stack}-${role}-data`;
        const state = (role: string) => ({
            [`urn:pulumi:test::metrics-stack::${types.volume}::${role}-data`]: {
                type: types.volume,
                outputs: { name: volume("old", role) },
            },
        });
        host.state = { ...state("prometheus"), ...state("grafana"), ...state("alertmanager") };
        const hasVolumes = (...names: string[]) => {
            const volumes = names.map((name) => ({ name, usedBy: [] }));
            host.observed = { facts: { found: { networks: [], volumes, containers: [] } }, parts: [] };
        };
        hasVolumes(volume("old", "prometheus"), volume("old", "grafana"), volume("test", "grafana"));
        await assert.rejects(run({}), (error: Error) => {
            assert.deepEqual(error.message.split("\n").slice(1), [
                "  metrics-stack:prometheus.dataVolume: is not declared, and the stack was renamed: its samples are in " +
                    'metrics-stack-old-prometheus-data; write "metrics-stack-old-prometheus-data", or begin without them: ' +
                    "docker volume create metrics-stack-test-prometheus-data",
            ]);
            return true;
        });
        assert.deepEqual(created, []);
        await run({ prometheus: { dataVolume: volume("old", "prometheus") } });
        assert.deepEqual(optionsOf("prometheus-data").ignoreChanges, ["labels", "driverOpts", "name"]);
    });

    it("declares nothing at all where the Docker host or promtool says no, and tells all of it at once", async () => {
        const taken = { name: "old", ports: [{ address: "0.0.0.0", port: 9090 }], names: {} };
        host.observed = {
            facts: { found: { networks: [], containers: [taken] } },
            parts: [
                {
                    refused: {
                        found: [
                            { about: "shop", words: "missing closing )" },
                            { about: "web_be", words: "is odd" },
                        ],
                    },
                },
            ],
        };
        await assert.rejects(run({ ...seed, scrapeJobs: [shop] }), (error: Error) => {
            assert.ok(error instanceof ConfigError);
            assert.ok(pulumi.RunError.isInstance(error), "Pulumi would print it with a stack trace");
            assert.deepEqual(error.message.split("\n").slice(1), [
                "  metrics-stack:prometheus.port: 9090 is taken by the container old; write another one, such as 9091",
                '  metrics-stack:scrapeJobs: "web_be" is refused by promtool: is odd',
                '  metrics-stack:scrapeJobs[0]: "shop" is refused by promtool: missing closing )',
            ]);
            return true;
        });
        assert.deepEqual(created, []);
    });

    it("has the very files checked that it delivers, without their secrets", async () => {
        const job = { ...shop, basicAuth: { username: "u", password: "hunter2" } };
        await run({ ...seed, scrapeJobs: [job] }, ["scrapeJobs"]);
        const [question] = observations;
        const { stdin, environment } = inputsOf(types.command, "prometheus-config-stage");
        const [prometheus] = question?.parts ?? [];
        assert.deepEqual(prometheus?.files, parseYaml(String(stdin)));
        assert.equal(prometheus?.image, (environment as Record<string, string>).IMAGE);
        assert.deepEqual(prometheus?.secretFiles, ["shop.password"]);
        assert.doesNotMatch(JSON.stringify(question), /hunter2/);
    });

    it("asks nothing of a Docker host that is out of reach", async () => {
        process.env.METRICS_STACK_SKIP_HOST_CHECKS = "true";
        try {
            await run(seed);
            assert.deepEqual(observations, []);
        } finally {
            delete process.env.METRICS_STACK_SKIP_HOST_CHECKS;
        }
    });

    it("deploys what it could not check, with a warning that says what", async () => {
        const unknown = "no answer";
        const part = { refused: { unknown }, generation: { unknown } };
        host.observed = { facts: { unknown }, parts: [part, part, part] };
        assert.equal((await run(seed)).prometheusUrl, "http://127.0.0.1:9090");
    });

    it("is refused where an image turns out to have no shell", async () => {
        const unknown = 'docker: Error response from daemon: exec: "sh": executable file not found in $PATH: unknown';
        host.observed = { parts: [{ refused: { unknown } }] };
        await assert.rejects(
            run(seed),
            /metrics-stack:prometheus\.image: "prom\/prometheus:v3\.13\.5" has no shell, .* write one that has sh, tar and wget/,
        );
        assert.deepEqual(created, []);
    });

    it("declares nothing at all for a wrong declaration, and says everything that is wrong", async () => {
        const wrong = { scrapeIntervall: "15s", scrapeInterval: "15", scrapeJobs: [{ ...shop, scheme: "ftp" }] };
        await assert.rejects(run(wrong), (error: Error) => {
            assert.ok(error instanceof ConfigError);
            assert.equal(error.message.split("\n").length, 4);
            return true;
        });
        assert.deepEqual(created, []);
    });
});
