import assert from "node:assert/strict";
import { usualTraits } from "../../../components/engineTraits";
import { Alertmanager } from "../../../components/alertmanager/resources";
import { plan } from "../../declaration";
import { created, inputsOf, optionsOf, registered, types, unsecret } from "../../setup";
import { alertmanagerArgs, common, network } from "../declared";

describe("Alertmanager", () => {
    const declare = async (args: object = {}) => {
        const alertmanager = new Alertmanager("alertmanager", { ...alertmanagerArgs, network: network(), ...args });
        await registered();
        return { alertmanager, container: inputsOf(types.container, "alertmanager") };
    };

    it("leaves the host's address to an engine whose host is not at the gateway", async () => {
        const { container } = await declare({ engine: { ...usualTraits, hostAtGateway: false } });
        assert.deepEqual(container.hosts, [{ host: "host.docker.internal", ip: "host-gateway" }]);
    });

    it("declares a private container with its silences in a volume", async () => {
        const { alertmanager, container } = await declare({ externalUrl: "https://example.com/alerts" });
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

    it("finds the other one of a pair, and is found by it", async () => {
        const { container } = await declare({ cluster: { address: "10.0.0.5", port: 19094, other: "b:9094" } });
        assert.deepEqual((container.command as string[]).slice(-4), [
            "--cluster.listen-address=0.0.0.0:9094",
            "--cluster.advertise-address=10.0.0.5:19094",
            "--cluster.peer=b:9094",
            "--cluster.tls-config=/etc/alertmanager/current/pair.yml",
        ]);
        assert.deepEqual((container.ports as object[]).slice(1), [{ internal: 9094, external: 19094, ip: "10.0.0.5" }]);
    });

    it("names its own address for links, unless another one is declared", async () => {
        const { container } = await declare({ port: 9999 });
        assert.ok((container.command as string[]).includes("--web.external-url=http://127.0.0.1:9999"));
        created.length = 0;
        const everywhere = await declare({ bindAddress: "0.0.0.0", dockerHost: "ssh://web-1" });
        assert.ok((everywhere.container.command as string[]).includes("--web.external-url=http://web-1:9093"));
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
        const receivers = [{ name: "team", webhook: { url: "http://team" } }];
        const { jobs, alertmanagers } = plan({ alertmanager: { enabled: true, receivers } }).published;
        const { staticConfigs } = jobs.find(({ jobName }) => jobName === "alertmanager") ?? { staticConfigs: [] };
        assert.deepEqual(staticConfigs[0]?.targets, alertmanagers[0]?.targets);
        assert.deepEqual(alertmanagers[0]?.targets, ["metrics-stack-test-alertmanager:9093"]);
    });
});
