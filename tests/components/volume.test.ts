import assert from "node:assert/strict";
import type { PrometheusArgs } from "../../components/prometheus/resources";
import { Prometheus } from "../../components/prometheus/resources";
import { created, inputsOf, optionsOf, registered, types } from "../setup";
import { network, prometheusArgs } from "./declared";

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
