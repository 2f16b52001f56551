import assert from "node:assert/strict";
import { declared, inputsOf, registered, types, valueOf } from "../setup";
import { labels, network } from "./declared";

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
