import assert from "node:assert/strict";
import type * as docker from "@pulumi/docker";
import { isSecret } from "@pulumi/pulumi";
import { parse as parseYaml } from "yaml";
import { Alertmanager } from "../../components/alertmanager/resources";
import { Grafana } from "../../components/grafana/resources";
import { Network } from "../../components/network";
import { NodeExporter } from "../../components/nodeExporter/resources";
import type { PrometheusArgs } from "../../components/prometheus/resources";
import { Prometheus } from "../../components/prometheus/resources";
import { WebBe } from "../../components/webBe/resources";
import { alertmanagerJob, alertmanagerTarget, nodeExporterJob, webBeJob } from "../../config/ownJobs";
import { applicationSchema, hostSchema } from "../../config/schema/profiles";
import { Secret } from "../../config/schema/secret";
import { created, declared, inputsOf, optionsOf, registered, types, unsecret, valueOf } from "../setup";

const stack = "test";
const labels = [{ label: "metrics-stack.stack", value: stack }];
const network = () => new Network("network", { stack, subnet: "172.28.7.0/24", gateway: "172.28.7.1" });

/** What every container of the stack has. */
const common = {
    labels,
    restart: "always",
    readOnly: true,
    capabilities: { drops: ["ALL"] },
    logDriver: "json-file",
    logOpts: { "max-size": "10m", "max-file": "3" },
};

const prometheusArgs = {
    stack,
    image: "prom/prometheus:v3.13.5",
    port: 9090,
    bindAddress: "127.0.0.1",
    memoryLimit: 2 * 2 ** 30,
    retentionTime: 15 * 86_400_000,
    startTimeout: 300_000,
    joinNetworks: ["shop_default"],
    files: { "prometheus.yml": "global: {}\n", "targets/a.yml": "- targets: [a:1]\n" },
    secretFiles: { "a.password": new Secret("hunter2") },
    retainData: true,
    protect: false,
};

const grafanaArgs = {
    stack,
    image: "grafana/grafana:13.1.3",
    port: 3000,
    bindAddress: "127.0.0.1",
    memoryLimit: 512 * 2 ** 20,
    startTimeout: 300_000,
    files: { "provisioning/datasources/prometheus.yml": "apiVersion: 1\n" },
    retainData: true,
    protect: false,
};

const alertmanagerArgs = {
    stack,
    image: "prom/alertmanager:v0.34.1",
    port: 9093,
    bindAddress: "127.0.0.1",
    memoryLimit: 256 * 2 ** 20,
    startTimeout: 300_000,
    externalUrl: "https://example.com/alerts",
    files: { "alertmanager.yml": "route: {receiver: team}\n" },
    secretFiles: { "team.slack-url": new Secret("hunter2") },
    retainData: true,
    protect: false,
};

describe("Network", () => {
    it("declares one bridge network with the given subnet and gateway", async () => {
        const { networkName, gateway } = network();
        await registered();
        assert.deepEqual(declared(), [`${types.network} network`, "monitoring:index:Network network"]);
        assert.deepEqual(inputsOf(types.network, "network"), {
            name: "metrics-stack-test",
            driver: "bridge",
            ipamConfigs: [{ subnet: "172.28.7.0/24", gateway: "172.28.7.1" }],
            labels,
        });
        assert.equal(await valueOf(networkName), "metrics-stack-test");
        assert.equal(gateway, "172.28.7.1");
    });
});

describe("NodeExporter", () => {
    const args = {
        stack,
        image: "prom/node-exporter:v1.12.1",
        port: 9100,
        memoryLimit: 128 * 2 ** 20,
    };

    it("declares a container in the host's network and process space that listens on the gateway only", async () => {
        new NodeExporter("node-exporter", { ...args, network: network() });
        await registered();
        assert.deepEqual(declared(), [
            `${types.command} node-exporter-pull`,
            `${types.command} node-exporter-ready`,
            `${types.container} node-exporter`,
            `${types.network} network`,
            "monitoring:index:Network network",
            "monitoring:index:NodeExporter node-exporter",
        ]);
        const { command, healthcheck, ...container } = inputsOf(types.container, "node-exporter");
        assert.deepEqual(container, {
            ...common,
            name: "metrics-stack-test-node-exporter",
            image: "prom/node-exporter:v1.12.1",
            user: "65534:65534",
            memory: 128,
            memorySwap: 128,
            networkMode: "host",
            pidMode: "host",
            securityOpts: ["no-new-privileges:true", "label=disable"],
            mounts: [
                { type: "bind", source: "/", target: "/host", readOnly: true, bindOptions: { propagation: "rslave" } },
            ],
            destroyGraceSeconds: 5,
        });
        assert.deepEqual(optionsOf("node-exporter").dependencies.sort(), ["network", "node-exporter-pull"]);
        // The docker command line knows the operator's login, the provider does not.
        assert.deepEqual(inputsOf(types.command, "node-exporter-pull").environment, { IMAGE: args.image });
        const flags = command as string[];
        assert.ok(flags.includes("--path.rootfs=/host"));
        assert.deepEqual(
            flags.filter((flag) => flag.startsWith("--web.listen-address")),
            ["--web.listen-address=172.28.7.1:9100"],
        );
        assert.ok(JSON.stringify(healthcheck).includes("http://172.28.7.1:9100/"));
    });

    it("publishes a job whose instance is the host, not an address", () => {
        const scrapeJob = nodeExporterJob({
            gateway: "172.28.7.1",
            port: 9100,
            instance: "web-1",
            host: hostSchema.parse({}),
        });
        assert.equal(scrapeJob.jobName, "node_exporter");
        assert.deepEqual(scrapeJob.staticConfigs, [{ targets: ["172.28.7.1:9100"], labels: { instance: "web-1" } }]);
    });
});

describe("Prometheus", () => {
    const declare = async (args: object = {}) => {
        const prometheus = new Prometheus("prometheus", { ...prometheusArgs, network: network(), ...args });
        await registered();
        return prometheus;
    };

    it("declares its image, data volume, configuration and container", async () => {
        const prometheus = await declare();
        assert.deepEqual(
            declared().filter((resource) => !resource.endsWith(" network")),
            [
                `${types.command} prometheus-config-activate`,
                `${types.command} prometheus-config-secrets`,
                `${types.command} prometheus-config-stage`,
                `${types.container} prometheus`,
                `${types.volume} prometheus-config`,
                `${types.volume} prometheus-data`,
                "monitoring:index:ConfigVolume prometheus-config",
                "monitoring:index:Prometheus prometheus",
            ],
        );
        assert.deepEqual(inputsOf(types.volume, "prometheus-data"), {
            name: "metrics-stack-test-prometheus-data",
            labels,
        });
        assert.equal(prometheus.url, "http://127.0.0.1:9090");
    });

    it("declares a container that finds its configuration in a volume and the host by name", async () => {
        await declare({ retentionSize: 50 * 2 ** 30 });
        const { healthcheck, ...container } = inputsOf(types.container, "prometheus");
        assert.deepEqual(container, {
            ...common,
            name: "metrics-stack-test-prometheus",
            image: "prom/prometheus:v3.13.5",
            user: "65534:65534",
            memory: 2048,
            memorySwap: 2048,
            securityOpts: ["no-new-privileges:true"],
            command: [
                "--config.file=/etc/prometheus/current/prometheus.yml",
                "--storage.tsdb.path=/prometheus",
                "--storage.tsdb.retention.time=15d",
                "--storage.tsdb.retention.size=53687091200B",
                "--web.enable-lifecycle",
            ],
            networkMode: "bridge",
            networksAdvanced: [{ name: "metrics-stack-test" }, { name: "shop_default" }],
            hosts: [{ host: "host.docker.internal", ip: "172.28.7.1" }],
            ports: [{ internal: 9090, external: 9090, ip: "127.0.0.1" }],
            mounts: [
                { type: "volume", source: "metrics-stack-test-prometheus-data", target: "/prometheus" },
                {
                    type: "volume",
                    source: "metrics-stack-test-prometheus-config",
                    target: "/etc/prometheus",
                    readOnly: true,
                },
            ],
            destroyGraceSeconds: 120,
            stopTimeout: 120,
        });
        assert.ok(JSON.stringify(healthcheck).includes("/-/ready"));
    });

    it("has no input of the container that depends on the files", async () => {
        await declare();
        const before = inputsOf(types.container, "prometheus");
        created.length = 0;
        await declare({ files: { "prometheus.yml": "global: {scrape_interval: 5s}\n" }, secretFiles: {} });
        assert.deepEqual(inputsOf(types.container, "prometheus"), before);
    });
});

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

describe("Grafana", () => {
    const surroundings = () => {
        const shared = network();
        return { network: shared, prometheus: new Prometheus("prometheus", { ...prometheusArgs, network: shared }) };
    };
    const declare = async (args: object = {}) => {
        const grafana = new Grafana("grafana", { ...grafanaArgs, ...surroundings(), ...args });
        await registered();
        return { grafana, container: inputsOf(types.container, "grafana") };
    };

    it("declares a private container with a password file", async () => {
        const { grafana, container } = await declare();
        const { entrypoints, envs, healthcheck, ...rest } = container;
        assert.deepEqual(rest, {
            ...common,
            name: "metrics-stack-test-grafana",
            image: "grafana/grafana:13.1.3",
            user: "472:0",
            memory: 512,
            memorySwap: 512,
            securityOpts: ["no-new-privileges:true"],
            networkMode: "bridge",
            networksAdvanced: [{ name: "metrics-stack-test" }],
            ports: [{ internal: 3000, external: 3000, ip: "127.0.0.1" }],
            mounts: [
                { type: "volume", source: "metrics-stack-test-grafana-data", target: "/var/lib/grafana" },
                {
                    type: "volume",
                    source: "metrics-stack-test-grafana-config",
                    target: "/etc/metrics-stack",
                    readOnly: true,
                },
            ],
            tmpfs: { "/tmp": "" },
            destroyGraceSeconds: 30,
            stopTimeout: 30,
        });
        const settings = envs as string[];
        assert.match((entrypoints as string[]).join(" "), /^\/bin\/bash -c [^]*\nexec \/run\.sh$/);
        assert.ok(settings.includes("GF_SECURITY_SECRET_KEY__FILE=/var/lib/grafana/secret-key"));
        assert.ok(settings.includes("GF_AUTH_ANONYMOUS_ENABLED=false"));
        assert.ok(settings.includes("GF_SECURITY_ADMIN_PASSWORD__FILE=/etc/metrics-stack/secrets/admin-password"));
        assert.ok(settings.includes("GF_PATHS_PROVISIONING=/etc/metrics-stack/current/provisioning"));
        assert.ok(JSON.stringify(healthcheck).includes("/api/health"));
        assert.equal(grafana.url, "http://127.0.0.1:3000");
    });

    it("is verified once its Prometheus is there", async () => {
        await declare();
        assert.ok(optionsOf("grafana-config-activate").dependencies.includes("prometheus-config-activate"));
        assert.ok(!optionsOf("grafana").dependencies.includes("prometheus"));
    });

    it("delivers a declared password as a secret, and generates none", async () => {
        const { container } = await declare({ adminPassword: new Secret("hunter2") });
        const { stdin } = inputsOf(types.command, "grafana-config-secrets");
        assert.deepEqual(JSON.parse(unsecret(stdin) as string), { "admin-password": "hunter2" });
        assert.ok(!declared().includes(`${types.command} grafana-admin-password`));
        assert.doesNotMatch(JSON.stringify(container), /hunter2/);
    });

    it("generates a password where none is declared, once and unseen", async () => {
        const { grafana } = await declare();
        const generate = inputsOf(types.command, "grafana-admin-password");
        assert.equal(generate.logging, "none");
        assert.ok(!("update" in generate) && !("environment" in generate));
        assert.equal(await isSecret(grafana.adminPassword), true);
        assert.equal(await valueOf(grafana.adminPassword), "said by the command");
    });
});

describe("Alertmanager", () => {
    const declare = async (args: object = {}) => {
        const alertmanager = new Alertmanager("alertmanager", { ...alertmanagerArgs, network: network(), ...args });
        await registered();
        return { alertmanager, container: inputsOf(types.container, "alertmanager") };
    };

    it("declares a private container with its silences in a volume", async () => {
        const { alertmanager, container } = await declare();
        const { healthcheck, ...rest } = container;
        assert.deepEqual(rest, {
            ...common,
            name: "metrics-stack-test-alertmanager",
            image: "prom/alertmanager:v0.34.1",
            user: "65534:65534",
            memory: 256,
            memorySwap: 256,
            securityOpts: ["no-new-privileges:true"],
            command: [
                "--config.file=/etc/alertmanager/current/alertmanager.yml",
                "--storage.path=/alertmanager",
                "--data.maintenance-interval=30s",
                "--web.external-url=https://example.com/alerts",
                "--web.route-prefix=/",
                "--cluster.listen-address=",
            ],
            networkMode: "bridge",
            networksAdvanced: [{ name: "metrics-stack-test" }],
            hosts: [{ host: "host.docker.internal", ip: "172.28.7.1" }],
            ports: [{ internal: 9093, external: 9093, ip: "127.0.0.1" }],
            mounts: [
                { type: "volume", source: "metrics-stack-test-alertmanager-data", target: "/alertmanager" },
                {
                    type: "volume",
                    source: "metrics-stack-test-alertmanager-config",
                    target: "/etc/alertmanager",
                    readOnly: true,
                },
            ],
            destroyGraceSeconds: 30,
            stopTimeout: 30,
        });
        assert.ok(JSON.stringify(healthcheck).includes("/-/ready"));
        assert.equal(alertmanager.url, "http://127.0.0.1:9093");
        assert.equal(optionsOf("alertmanager-data").retainOnDelete, true);
    });

    it("has its files checked by amtool and activated as Alertmanager's, and its secrets hidden", async () => {
        const { container } = await declare();
        const step = (name: string) => inputsOf(types.command, `alertmanager-config-${name}`);
        const environment = (name: string) => step(name).environment as Record<string, string>;
        assert.match(environment("stage").CHECK ?? "", /amtool check-config alertmanager\.yml/);
        assert.equal(environment("activate").PROGRAM, "alertmanager");
        assert.deepEqual(JSON.parse(unsecret(step("secrets").stdin) as string), { "team.slack-url": "hunter2" });
        assert.doesNotMatch(JSON.stringify([container, step("stage"), step("activate")]), /hunter2/);
    });

    it("has no input of the container that depends on receivers", async () => {
        const { container: before } = await declare();
        created.length = 0;
        const { container } = await declare({ files: { "alertmanager.yml": "route: {}\n" }, secretFiles: {} });
        assert.deepEqual(container, before);
    });

    it("publishes a job at the address that Prometheus sends alerts to", () => {
        const { jobName, staticConfigs } = alertmanagerJob(stack);
        assert.equal(jobName, "alertmanager");
        assert.deepEqual(staticConfigs[0]?.targets, [alertmanagerTarget(stack)]);
        assert.equal(alertmanagerTarget(stack), "metrics-stack-test-alertmanager:9093");
    });
});

describe("WebBe", () => {
    it("declares the example's image and container, and publishes a job by the container's name", async () => {
        const scrapeJob = webBeJob({ stack, application: applicationSchema.parse({}) });
        new WebBe("web-be", {
            stack,
            port: 8000,
            bindAddress: "127.0.0.1",
            memoryLimit: 256 * 2 ** 20,
            network: network(),
        });
        await registered();
        const { image: reference } = inputsOf(types.container, "web-be");
        assert.match(String(reference), /^metrics-stack\/web-be:[0-9a-f]{12}$/);
        const { environment } = inputsOf(types.command, "web-be-build");
        assert.deepEqual(environment, { IMAGE: reference });
        const { healthcheck, ...container } = inputsOf(types.container, "web-be");
        assert.deepEqual(container, {
            ...common,
            name: "metrics-stack-test-web-be",
            image: reference,
            memory: 256,
            memorySwap: 256,
            securityOpts: ["no-new-privileges:true"],
            networkMode: "bridge",
            networksAdvanced: [{ name: "metrics-stack-test" }],
            ports: [{ internal: 8000, external: 8000, ip: "127.0.0.1" }],
            destroyGraceSeconds: 10,
        });
        assert.ok(JSON.stringify(healthcheck).includes("/healthz"));
        assert.deepEqual(
            [scrapeJob.jobName, scrapeJob.staticConfigs[0]?.targets],
            ["web_be", ["metrics-stack-test-web-be:8000"]],
        );
    });
});

// Each of these was once learned from a stack that broke; see https://www.pulumi.com/registry/packages/docker/api-docs/container/
describe("Every container", () => {
    const containers = async () => {
        const shared = network();
        new NodeExporter("node-exporter", {
            ...{ stack, image: "prom/node-exporter:v1.12.1", port: 9100, memoryLimit: 2 ** 27 },
            network: shared,
        });
        const prometheus = new Prometheus("prometheus", { ...prometheusArgs, network: shared });
        new Alertmanager("alertmanager", { ...alertmanagerArgs, network: shared });
        new Grafana("grafana", { ...grafanaArgs, network: shared, prometheus });
        new WebBe("web-be", { stack, port: 8000, bindAddress: "127.0.0.1", memoryLimit: 2 ** 28, network: shared });
        await registered();
        return created
            .filter(({ type }) => type === types.container)
            .map(({ name, inputs }) => ({
                name,
                inputs: inputs as docker.ContainerArgs,
                options: optionsOf(name),
            }));
    };

    it("is replaced where the provider would only record a change or forget a failure, the old one first", async () => {
        for (const { name, options } of await containers()) {
            assert.deepEqual(options.replaceOnChanges, ["#initerror", "mounts", "healthcheck", "tmpfs", "init"], name);
            assert.equal(options.deleteBeforeReplace, true, name);
        }
    });

    it("sets memorySwap with memory: left out, every refresh would show a difference", async () => {
        for (const { name, inputs } of await containers()) {
            assert.ok(Number(inputs.memory) > 0, name);
            assert.equal(inputs.memorySwap, inputs.memory, name);
        }
    });

    it("names its network mode, and publishes no port from the host's network", async () => {
        for (const { name, inputs } of await containers()) {
            assert.ok(inputs.networkMode === "bridge" || inputs.networkMode === "host", name);
            assert.equal(inputs.networkMode === "host", inputs.ports === undefined, name);
            assert.equal(inputs.networkMode === "host", inputs.networksAdvanced === undefined, name);
        }
    });

    it("has a name of its own, without a random suffix", async () => {
        const names = (await containers()).map(({ inputs }) => inputs.name);
        assert.deepEqual(
            names.sort(),
            ["alertmanager", "grafana", "node-exporter", "prometheus", "web-be"].map(
                (role) => `metrics-stack-test-${role}`,
            ),
        );
    });

    it("publishes on loopback only", async () => {
        const ports = (await containers()).flatMap(
            ({ inputs }) => (inputs.ports as { ip: string }[] | undefined) ?? [],
        );
        assert.equal(ports.length, 4);
        assert.deepEqual([...new Set(ports.map(({ ip }) => ip))], ["127.0.0.1"]);
    });

    it("mounts a named volume wherever its image declares one, so that none is anonymous", async () => {
        const declaredByImage: Record<string, string[]> = {
            prometheus: ["/prometheus"],
            alertmanager: ["/alertmanager"],
            grafana: ["/var/lib/grafana"],
        };
        for (const { name, inputs } of await containers()) {
            const mounts = (inputs.mounts ?? []) as { type: string; source: string; target: string }[];
            const named = mounts
                .filter(({ type, source }) => type === "volume" && source !== "")
                .map(({ target }) => target);
            for (const target of declaredByImage[name] ?? []) {
                assert.ok(named.includes(target), `${name} ${target}`);
            }
        }
    });

    it("is given time to stop: without it the provider kills it at once", async () => {
        const grace = Object.fromEntries(
            (await containers()).map(({ name, inputs }) => [name, Number(inputs.destroyGraceSeconds)]),
        );
        assert.ok(grace.prometheus !== undefined && grace.prometheus >= 60);
        assert.ok(Object.values(grace).every((seconds) => seconds >= 5));
    });

    it("writes durations as Docker reports them, or every refresh would show a difference", async () => {
        for (const { name, inputs } of await containers()) {
            const check = inputs.healthcheck as Record<string, unknown>;
            for (const key of ["interval", "timeout", "startPeriod"].filter(
                (duration) => check[duration] !== undefined,
            )) {
                assert.match(String(check[key]), /^(\d+m)?\d+s$/, `${name} ${key}`);
                assert.doesNotMatch(String(check[key]), /^([6-9]\d|\d{3,})s$/, `${name} ${key}`);
            }
        }
    });
});

describe("A data volume", () => {
    const optionsWith = async (args: Partial<PrometheusArgs>) => {
        created.length = 0;
        new Prometheus("prometheus", { ...prometheusArgs, network: network(), ...args });
        await registered();
        return optionsOf("prometheus-data");
    };

    it("outlives the stack unless the stack says otherwise", async () => {
        assert.equal((await optionsWith({})).retainOnDelete, true);
        assert.ok(!(await optionsWith({ retainData: false })).retainOnDelete);
    });

    it("is not replaced, and its data lost, for another label", async () => {
        assert.deepEqual((await optionsWith({})).ignoreChanges, ["labels", "driverOpts"]);
    });

    it("is protected where the stack is, and the configuration is not: it holds nothing that is not declared", async () => {
        assert.equal((await optionsWith({})).protect, false);
        assert.equal((await optionsWith({ protect: true })).protect, true);
        assert.ok(!optionsOf("prometheus-config").protect);
    });

    it("of somebody else is mounted and nothing more; the stack's own stays declared, and so is not deleted", async () => {
        await optionsWith({ dataVolume: "prometheus_data", retainData: false });
        const { mounts } = inputsOf(types.container, "prometheus") as { mounts: { source: string; target: string }[] };
        assert.equal(mounts.find(({ target }) => target === "/prometheus")?.source, "prometheus_data");
        assert.deepEqual(
            created.filter(({ type }) => type === types.volume).map(({ inputs }) => inputs.name),
            ["metrics-stack-test-prometheus-data", "metrics-stack-test-prometheus-config"],
        );
    });
});
