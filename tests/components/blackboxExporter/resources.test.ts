import assert from "node:assert/strict";
import { BlackboxExporter } from "../../../components/blackboxExporter/resources";
import { declared, inputsOf, registered, types } from "../../setup";
import { common, network } from "../declared";

describe("blackbox_exporter", () => {
    it("is a container without rights and without a port of the host, on the networks that Prometheus is on", async () => {
        new BlackboxExporter("blackbox-exporter", {
            ...{ stack: "test", image: "prom/blackbox-exporter:v0.28.0", memoryLimit: 128 * 2 ** 20 },
            ...{ startTimeout: 300_000, retainData: true, protect: false, network: network() },
            ...{ joinNetworks: ["shop_default"], files: { "config.yml": "modules: {}\n" }, secretFiles: {} },
        });
        await registered();
        const { healthcheck: _, ...container } = inputsOf(types.container, "blackbox-exporter");
        assert.deepEqual(container, {
            ...common,
            name: "metrics-stack-test-blackbox-exporter",
            image: "prom/blackbox-exporter:v0.28.0",
            user: "65534:65534",
            ...{ memory: 128, memorySwap: 128, securityOpts: ["no-new-privileges:true"] },
            command: ["--config.file=/etc/blackbox_exporter/current/config.yml"],
            networkMode: "bridge",
            networksAdvanced: [{ name: "metrics-stack-test" }, { name: "shop_default" }],
            hosts: [{ host: "host.docker.internal", ip: "172.28.7.1" }],
            mounts: [
                {
                    ...{ type: "volume", source: "metrics-stack-test-blackbox-exporter-config" },
                    ...{ target: "/etc/blackbox_exporter", readOnly: true },
                },
            ],
            destroyGraceSeconds: 5,
        });
        assert.ok(declared().includes(`${types.command} blackbox-exporter-config-activate`));
    });
});
