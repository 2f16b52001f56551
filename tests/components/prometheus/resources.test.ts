import assert from "node:assert/strict";
import { usualTraits } from "../../../components/engineTraits";
import { Prometheus } from "../../../components/prometheus/resources";
import { created, declared, inputsOf, registered, types } from "../../setup";
import { common, labels, network, prometheusArgs } from "../declared";

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

    it("is an agent beside the samples that it has, without pages", async () => {
        await declare({ mode: "agent", consoles: false, retentionSize: 50 * 2 ** 30 });
        const { command } = inputsOf(types.container, "prometheus");
        assert.deepEqual(command, [
            "--config.file=/etc/prometheus/current/prometheus.yml",
            ...["--agent", "--storage.agent.path=/prometheus/agent"],
            ...["--web.enable-lifecycle", "--web.external-url=http://127.0.0.1:9090", "--web.route-prefix=/"],
        ]);
    });

    it("sees what is somebody else's, and cannot change it", async () => {
        await declare({
            mounts: [
                { source: "shop_lists", target: "/lists" },
                { source: "/srv/lists", target: "/more" },
            ],
        });
        const { mounts } = inputsOf(types.container, "prometheus") as { mounts: object[] };
        assert.deepEqual(mounts.slice(2), [
            { type: "volume", source: "shop_lists", target: "/lists", readOnly: true },
            { type: "bind", source: "/srv/lists", target: "/more", readOnly: true },
        ]);
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
                "--web.external-url=http://127.0.0.1:9090",
                "--web.route-prefix=/",
                "--web.console.templates=/etc/prometheus/current/consoles",
                "--web.console.libraries=/etc/prometheus/current/consoles",
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

    it("names for links what is declared, else where it can be opened", async () => {
        const url = async (args: object) => {
            created.length = 0;
            await declare(args);
            const { command } = inputsOf(types.container, "prometheus") as { command: string[] };
            return command.filter((flag) => /external-url|route-prefix/.test(flag));
        };
        const links = (to: string) => [`--web.external-url=${to}`, "--web.route-prefix=/"];
        const externalUrl = "https://example.com/prometheus";
        assert.deepEqual(await url({ externalUrl }), links(externalUrl));
        const everywhere = { bindAddress: "0.0.0.0", port: 9999 };
        assert.deepEqual(await url(everywhere), links("http://127.0.0.1:9999"));
        assert.deepEqual(await url({ ...everywhere, dockerHost: "ssh://me@Web-1:22" }), links("http://web-1:9999"));
        assert.deepEqual(
            await url({ ...everywhere, dockerHost: "tcp://localhost:2376" }),
            links("http://127.0.0.1:9999"),
        );
        assert.deepEqual(await url({ bindAddress: "192.0.2.7" }), links("http://192.0.2.7:9090"));
    });

    it("serves no pages where they are turned off", async () => {
        await declare({ consoles: false });
        const { command } = inputsOf(types.container, "prometheus") as { command: string[] };
        assert.deepEqual(
            command.filter((flag) => flag.includes("console")),
            [],
        );
    });

    it("leaves the host's address to an engine whose host is not at the gateway", async () => {
        await declare({ engine: { ...usualTraits, hostAtGateway: false } });
        const { hosts } = inputsOf(types.container, "prometheus");
        assert.deepEqual(hosts, [{ host: "host.docker.internal", ip: "host-gateway" }]);
    });

    it("has no input of the container that depends on the files", async () => {
        await declare();
        const before = inputsOf(types.container, "prometheus");
        created.length = 0;
        await declare({ files: { "prometheus.yml": "global: {scrape_interval: 5s}\n" }, secretFiles: {} });
        assert.deepEqual(inputsOf(types.container, "prometheus"), before);
    });
});
