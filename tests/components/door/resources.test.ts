import assert from "node:assert/strict";
import { Door } from "../../../components/door/resources";
import { Secret } from "../../../config/schema/secret";
import { inputsOf, registered, types, unsecret } from "../../setup";
import { common, network } from "../declared";

describe("The door's container", () => {
    it("has the one right that its program asks for, one port, and its hashes as files", async () => {
        new Door("door", {
            ...{ stack: "test", image: "caddy:2.11.9", memoryLimit: 128 * 2 ** 20, port: 443, bindAddress: "0.0.0.0" },
            ...{ startTimeout: 300_000, retainData: true, protect: false, network: network() },
            ...{ files: { "caddy.json": "{}\n" }, secretFiles: { "user-alice": new Secret("hunter2") } },
        });
        await registered();
        const { healthcheck: _, ...container } = inputsOf(types.container, "door");
        assert.deepEqual(container, {
            ...common,
            name: "metrics-stack-test-door",
            image: "caddy:2.11.9",
            user: "65534:65534",
            ...{ memory: 128, memorySwap: 128, securityOpts: ["no-new-privileges:true"] },
            capabilities: { drops: ["ALL"], adds: ["CAP_NET_BIND_SERVICE"] },
            envs: ["XDG_DATA_HOME=/var/tmp", "XDG_CONFIG_HOME=/tmp"],
            command: ["caddy", "run", "--config", "/etc/caddy/current/caddy.json"],
            networkMode: "bridge",
            networksAdvanced: [{ name: "metrics-stack-test" }],
            hosts: [{ host: "host.docker.internal", ip: "172.28.7.1" }],
            ports: [{ internal: 8443, external: 443, ip: "0.0.0.0" }],
            mounts: [
                { type: "volume", source: "metrics-stack-test-door-data", target: "/var/tmp" },
                { type: "volume", source: "metrics-stack-test-door-config", target: "/etc/caddy", readOnly: true },
            ],
            destroyGraceSeconds: 10,
            stopTimeout: 10,
        });
        const { stdin } = inputsOf(types.command, "door-config-secrets");
        assert.deepEqual(JSON.parse(unsecret(stdin) as string), { "user-alice": "hunter2" });
    });
});
