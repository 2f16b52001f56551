import assert from "node:assert/strict";
import { exporterSchema } from "../../../components/exporters/settings";
import { deployAs } from "../../../components/exporters/resources";
import { Secret } from "../../../config/schema/secret";
import { declared, inputsOf, registered, types } from "../../setup";
import { plan } from "../../declaration";
import { common, network, stack } from "../declared";

const minimal = { name: "redis", image: "oliver006/redis_exporter:v1.88.0", port: 9121 };

async function deployed(more: object = {}, secretFiles: Record<string, Secret> = {}) {
    const rendered = { image: minimal.image, shell: "prom/prometheus:v3.13.5", files: {}, secretFiles };
    deployAs("exporter-redis", exporterSchema.parse({ ...minimal, ...more }), rendered, {
        common: { stack, network: network(), retainData: true, protect: false },
        ...{ config: plan().config, published: plan().published, dataSources: [], stores: [], opts: {} },
    });
    await registered();
    return inputsOf(types.container, "exporter-redis");
}

describe("An exporter", () => {
    it("is a container without rights and without a port of the host", async () => {
        assert.deepEqual(await deployed(), {
            ...common,
            labels: [...common.labels, { label: "metrics-stack.port", value: "9121" }],
            name: "metrics-stack-test-exporter-redis",
            image: minimal.image,
            user: "65534:65534",
            envs: [],
            ...{ memory: 128, memorySwap: 128, securityOpts: ["no-new-privileges:true"] },
            networkMode: "bridge",
            networksAdvanced: [{ name: "metrics-stack-test" }],
            hosts: [{ host: "host.docker.internal", ip: "172.28.7.1" }],
            mounts: [
                {
                    ...{ type: "volume", source: "metrics-stack-test-exporter-redis-config" },
                    ...{ target: "/etc/exporter", readOnly: true },
                },
            ],
            destroyGraceSeconds: 5,
        });
        assert.ok(declared().includes(`${types.command} exporter-redis-config-activate`));
        const { environment } = inputsOf(types.command, "exporter-redis-config-stage");
        assert.equal((environment as { IMAGE: string }).IMAGE, "prom/prometheus:v3.13.5", "its own may have no shell");
    });

    it("has what it was declared to have, and no more", async () => {
        const container = await deployed({
            ...{ command: ["--debug"], environment: { REDIS_ADDR: "redis://redis:6379" }, user: "1000:1000" },
            ...{ joinNetworks: ["shop_default"], tmpfs: ["/tmp"], publishedPort: 9200 },
            mounts: [
                { source: "/proc", target: "/host/proc" },
                { source: "shop_data", target: "/data", readOnly: false },
            ],
        });
        const { command, envs, user, networksAdvanced, tmpfs, ports } = container;
        assert.deepEqual([command, envs, user], [["--debug"], ["REDIS_ADDR=redis://redis:6379"], "1000:1000"]);
        assert.deepEqual(networksAdvanced, [{ name: "metrics-stack-test" }, { name: "shop_default" }]);
        assert.deepEqual([tmpfs, ports], [{ "/tmp": "" }, [{ internal: 9121, external: 9200, ip: "127.0.0.1" }]]);
        assert.deepEqual((container.mounts as object[]).slice(1), [
            { type: "bind", source: "/proc", target: "/host/proc", readOnly: true },
            { type: "volume", source: "shop_data", target: "/data", readOnly: false },
        ]);
    });

    it("has a shell read its secret variables from files", async () => {
        const secret = { REDIS_PASSWORD: "hunter2" };
        const container = await deployed(
            { program: ["/redis_exporter"], secretEnvironment: secret, command: ["--debug"] },
            { REDIS_PASSWORD: new Secret(secret.REDIS_PASSWORD) },
        );
        const { entrypoints, command } = container as { entrypoints: string[]; command: string[] };
        assert.deepEqual(entrypoints.slice(0, 2), ["sh", "-c"]);
        assert.deepEqual(entrypoints.slice(3), ["sh", "REDIS_PASSWORD", "--", "/redis_exporter"]);
        assert.deepEqual(command, ["--debug"]);
        assert.ok(!JSON.stringify(container).includes("hunter2"));
    });
});
