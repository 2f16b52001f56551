import assert from "node:assert/strict";
import { Collector } from "../../../components/collector/resources";
import { standardImage } from "../../../components/collector/settings";
import { declared, inputsOf, registered, types } from "../../setup";
import { common, network, stack } from "../declared";

const args = {
    ...{ stack, image: standardImage, shell: "prom/prometheus:v3.13.5", memoryLimit: 256 * 2 ** 20 },
    ...{ startTimeout: 300_000, retainData: true, protect: false, bindAddress: "127.0.0.1" },
    ...{
        files: { "config.yaml": "exporters: {}\n" },
        secretFiles: {},
        joinNetworks: ["shop_default"],
        dataSources: [],
    },
};

describe("The collector", () => {
    it("is a container without rights, on the networks that Prometheus is on, with its queues in a volume", async () => {
        new Collector("collector", { ...args, network: network() });
        await registered();
        assert.deepEqual(inputsOf(types.container, "collector"), {
            ...common,
            name: "metrics-stack-test-collector",
            image: standardImage,
            user: "0:0",
            ...{ memory: 256, memorySwap: 256, securityOpts: ["no-new-privileges:true"] },
            envs: ["GOMEMLIMIT=204MiB"],
            command: ["--config=/etc/otelcol/current/config.yaml"],
            networkMode: "bridge",
            networksAdvanced: [{ name: "metrics-stack-test" }, { name: "shop_default" }],
            hosts: [{ host: "host.docker.internal", ip: "172.28.7.1" }],
            mounts: [
                { type: "volume", source: "metrics-stack-test-collector-data", target: "/var/lib/otelcol" },
                {
                    ...{ type: "volume", source: "metrics-stack-test-collector-config" },
                    ...{ target: "/etc/otelcol", readOnly: true },
                },
            ],
            destroyGraceSeconds: 10,
        });
        assert.ok(declared().includes(`${types.command} collector-config-activate`));
    });

    it("publishes the ports that are declared, and no other", async () => {
        new Collector("collector", { ...args, grpcPort: 4317, network: network() });
        await registered();
        assert.deepEqual(inputsOf(types.container, "collector").ports, [
            { internal: 4317, external: 4317, ip: "127.0.0.1" },
        ]);
    });
});
