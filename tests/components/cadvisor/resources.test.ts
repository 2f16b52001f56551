import assert from "node:assert/strict";
import { Cadvisor } from "../../../components/cadvisor/resources";
import { standardImage } from "../../../components/cadvisor/settings";
import { usualTraits } from "../../../components/engineTraits";
import { declared, inputsOf, registered, types } from "../../setup";
import { common, network, stack } from "../declared";

const args = {
    ...{ stack, image: standardImage, memoryLimit: 256 * 2 ** 20, dockerSocket: "/var/run/docker.sock" },
    ...{ retainData: true, protect: false },
};

describe("cAdvisor", () => {
    it("is a container without a port of the host, whose one right is to read the kernel's log", async () => {
        new Cadvisor("cadvisor", { ...args, network: network() });
        await registered();
        const { healthcheck: _, command, ...container } = inputsOf(types.container, "cadvisor");
        assert.deepEqual(container, {
            ...common,
            name: "metrics-stack-test-cadvisor",
            image: standardImage,
            user: "0:0",
            ...{ memory: 256, memorySwap: 256, securityOpts: ["no-new-privileges:true", "label=disable"] },
            capabilities: { drops: ["ALL"], adds: ["CAP_SYSLOG"] },
            devices: [{ hostPath: "/dev/kmsg", containerPath: "/dev/kmsg", permissions: "r" }],
            networkMode: "bridge",
            networksAdvanced: [{ name: "metrics-stack-test" }],
            mounts: [
                {
                    ...{ type: "bind", source: "/", target: "/rootfs", readOnly: true },
                    bindOptions: { propagation: "rslave" },
                },
                { type: "bind", source: "/sys/fs/cgroup", target: "/sys/fs/cgroup", readOnly: true },
                { type: "bind", source: "/var/run/docker.sock", target: "/var/run/docker.sock", readOnly: true },
            ],
            destroyGraceSeconds: 5,
        });
        assert.ok((command as string[]).includes("--docker_only=true"));
        for (const step of ["cadvisor-pull", "cadvisor-ready"]) {
            assert.ok(declared().includes(`${types.command} ${step}`), step);
        }
    });

    it("is declared as its engine has it", async () => {
        const engine = { ...usualTraits, remapsUsers: true, sharedRoot: false };
        const dockerSocket = "/run/user/1000/docker.sock";
        new Cadvisor("cadvisor", { ...args, engine, dockerSocket, network: network() });
        await registered();
        const { usernsMode, mounts } = inputsOf(types.container, "cadvisor");
        assert.equal(usernsMode, "host");
        assert.deepEqual(
            (mounts as { source: string; bindOptions?: object }[]).map(({ source, bindOptions }) => [
                source,
                bindOptions,
            ]),
            [
                ["/", undefined],
                ["/sys/fs/cgroup", undefined],
                [dockerSocket, undefined],
            ],
        );
    });
});
