import assert from "node:assert/strict";
import type { EngineTraits } from "../../../components/engineTraits";
import { usualTraits } from "../../../components/engineTraits";
import { NodeExporter } from "../../../components/nodeExporter/resources";
import { declared, inputsOf, optionsOf, registered, types } from "../../setup";
import { ownJob } from "../../declaration";
import { common, network, stack } from "../declared";

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

    /** Its container on an engine that is like others but for what is given. */
    async function on(traits: Partial<EngineTraits>) {
        new NodeExporter("node-exporter", { ...args, network: network(), engine: { ...usualTraits, ...traits } });
        await registered();
        return inputsOf(types.container, "node-exporter");
    }

    it("does without users of its own where the engine gives containers some: the host's network does not take them", async () => {
        assert.equal((await on({ remapsUsers: true })).usernsMode, "host");
    });

    it("is not in the host's process space where the engine does not own it", async () => {
        assert.equal((await on({ sharesPids: false })).pidMode, undefined);
    });

    it("sees the host as it is when it starts where / is a private mount", async () => {
        const { mounts } = await on({ sharedRoot: false });
        assert.deepEqual(mounts, [{ type: "bind", source: "/", target: "/host", readOnly: true }]);
    });

    it("has no limit of memory where the engine would throw it away, and none of swap likewise", async () => {
        const unlimited = await on({ limitsMemory: false, limitsSwap: false });
        assert.deepEqual([unlimited.memory, unlimited.memorySwap], [undefined, undefined]);
    });

    it("has a limit of memory where the engine knows none of swap", async () => {
        const { memory, memorySwap } = await on({ limitsSwap: false });
        assert.deepEqual([memory, memorySwap], [128, -1]);
    });

    it("publishes a job whose instance is the host, not an address", () => {
        const scrapeJob = ownJob("node_exporter", { network: { subnet: "172.28.7.0/24" } });
        assert.equal(scrapeJob.jobName, "node_exporter");
        assert.deepEqual(scrapeJob.staticConfigs, [{ targets: ["172.28.7.1:9100"], labels: { instance: "web-1" } }]);
    });
});
