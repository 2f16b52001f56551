import assert from "node:assert/strict";
import { standardImage } from "../../../components/caddy";
import { proxyConfig } from "../../../components/dockerProxy/container";
import { DockerProxy } from "../../../components/dockerProxy/resources";
import { usualTraits } from "../../../components/engineTraits";
import { declared, inputsOf, registered, types } from "../../setup";
import { common, network, stack } from "../declared";

const lists = ["containers/json", "networks"];
const args = {
    ...{ stack, image: standardImage, memoryLimit: 64 * 2 ** 20, dockerSocket: "/var/run/docker.sock", lists },
    ...{ retainData: true, protect: false },
};

describe("Docker's proxy", () => {
    it("is a container on the stack's network alone, without a port of the host, that has the socket and nothing else", async () => {
        new DockerProxy("docker-proxy", { ...args, network: network() });
        await registered();
        const { healthcheck: _, ...container } = inputsOf(types.container, "docker-proxy");
        assert.deepEqual(container, {
            ...common,
            name: "metrics-stack-test-docker-proxy",
            image: standardImage,
            user: "0:0",
            ...{ memory: 64, memorySwap: 64, securityOpts: ["no-new-privileges:true", "label=disable"] },
            capabilities: { drops: ["ALL"], adds: ["CAP_NET_BIND_SERVICE"] },
            envs: [`CONFIG=${JSON.stringify(proxyConfig(lists))}`, "XDG_DATA_HOME=/dev/shm"],
            command: ["sh", "-c", "exec caddy run --config - <<END\n$CONFIG\nEND"],
            networkMode: "bridge",
            networksAdvanced: [{ name: "metrics-stack-test" }],
            mounts: [{ type: "bind", source: "/var/run/docker.sock", target: "/var/run/docker.sock", readOnly: true }],
            destroyGraceSeconds: 5,
        });
        for (const step of ["docker-proxy-pull", "docker-proxy-ready"]) {
            assert.ok(declared().includes(`${types.command} ${step}`), step);
        }
    });

    it("is declared as its engine has it", async () => {
        const dockerSocket = "/run/user/1000/docker.sock";
        const engine = { ...usualTraits, remapsUsers: true };
        new DockerProxy("docker-proxy", { ...args, engine, dockerSocket, network: network() });
        await registered();
        const { usernsMode, mounts } = inputsOf(types.container, "docker-proxy");
        assert.equal(usernsMode, "host");
        assert.deepEqual(mounts, [
            { type: "bind", source: dockerSocket, target: "/var/run/docker.sock", readOnly: true },
        ]);
    });
});
