import assert from "node:assert/strict";
import { traitsOf, usualTraits } from "../../../components/engineTraits";
import type { Engine } from "../../../config/check/engine";
import { engineWarnings, wrongSockets } from "../../../config/check/engine";
import { parse, plan } from "../../declaration";

/** What `docker info` of real engines says, as far as it is read. */
const debian: Engine = {
    ...{ id: "9e6b", name: "web-1", operatingSystem: "Debian GNU/Linux 12 (bookworm)" },
    securityOptions: ["name=apparmor", "name=seccomp,profile=builtin", "name=cgroupns"],
    ...{ memoryLimit: true, swapLimit: true },
};
const raspberryPi = {
    ...debian,
    operatingSystem: "Debian GNU/Linux 11 (bullseye)",
    memoryLimit: false,
    swapLimit: false,
};
const desktop = {
    ...{ ...debian, name: "docker-desktop", operatingSystem: "Docker Desktop" },
    securityOptions: ["name=seccomp,profile=unconfined", "name=cgroupns"],
};
const orbStack = { ...debian, name: "orbstack", operatingSystem: "OrbStack" };
const rootless = { ...debian, securityOptions: ["name=seccomp,profile=builtin", "name=rootless", "name=cgroupns"] };
const remapping = { ...debian, securityOptions: [...debian.securityOptions, "name=userns"] };

describe("A Docker engine", () => {
    const differs: Record<string, [engine: Engine, sharedRoot: boolean | undefined, traits: object]> = {
        "of Debian": [debian, true, {}],
        "that nobody could look at": [debian, undefined, {}],
        "on a Raspberry Pi without the memory controller": [
            raspberryPi,
            true,
            { limitsMemory: false, limitsSwap: false },
        ],
        "of an older kernel, which does not account swap": [
            { ...debian, swapLimit: false },
            true,
            { limitsSwap: false },
        ],
        "of Docker Desktop": [desktop, true, { hostAtGateway: false }],
        "of OrbStack": [orbStack, true, { hostAtGateway: false }],
        "of Colima": [
            { ...debian, name: "colima", operatingSystem: "Ubuntu 24.04.1 LTS" },
            true,
            { hostAtGateway: false },
        ],
        "of Rancher Desktop": [
            { ...debian, name: "lima-rancher-desktop", operatingSystem: "Alpine Linux v3.20" },
            true,
            { hostAtGateway: false },
        ],
        "of a host that is called lima-1": [{ ...debian, name: "lima-1" }, true, {}],
        "that is rootless": [rootless, true, { hostAtGateway: false, sharesPids: false }],
        "with userns-remap": [remapping, true, { remapsUsers: true }],
        "on a host whose / is a private mount": [debian, false, { sharedRoot: false }],
    };
    Object.entries(differs).forEach(([what, [engine, sharedRoot, traits]]) =>
        it(`${what} is told apart`, () =>
            assert.deepEqual(traitsOf(engine, sharedRoot), { ...usualTraits, ...traits })),
    );

    const worker = { jobName: "worker", staticConfigs: [{ targets: ["shop:1", "host.docker.internal:9400"] }] };
    const config = parse({ scrapeJobs: [worker] });

    it("is no matter of a warning where all works as elsewhere", () => {
        for (const engine of [debian, desktop, remapping, { ...debian, swapLimit: false }]) {
            assert.deepEqual(engineWarnings(config, engine, true), []);
        }
        assert.deepEqual(engineWarnings(parse(), rootless, undefined), []);
    });

    it("that limits no memory: one warning says how to turn it on", () => {
        const [warning = "", ...others] = engineWarnings(config, raspberryPi, true);
        assert.match(warning, /^The Docker host cannot limit memory: .* add cgroup_enable=memory to .*cmdline\.txt/);
        assert.deepEqual(others, []);
    });

    it("on a host whose / is a private mount: one warning says what node_exporter does not see, and what to do", () => {
        const [warning = "", ...others] = engineWarnings(config, debian, false);
        assert.match(warning, /private mount: node_exporter does not see .* `mount --make-rshared \/`/);
        assert.deepEqual(others, []);
    });

    it("that is rootless: one warning says that the host is not where it is looked for, and what to write", () => {
        const [warning = "", ...others] = engineWarnings(config, rootless, true);
        assert.match(
            warning,
            /^host\.docker\.internal:9400 may not be reached: .* such as 192\.0\.2\.10:9400, or .*--host-gateway-ip/,
        );
        assert.deepEqual(others, []);
    });

    it("that is rootless is asked at its own socket: another's is refused by its place in the declaration", () => {
        const refused = (cadvisor: object, engine: Engine) =>
            wrongSockets(plan({ cadvisor: { enabled: true, ...cadvisor } }).wanted.sockets, engine);
        const own = { dockerSocket: "/run/user/1000/docker.sock" };
        assert.deepEqual([refused({}, debian), refused(own, debian), refused(own, rootless)], [[], [], []]);
        assert.deepEqual(refused({}, rootless), [
            {
                path: ["cadvisor", "dockerSocket"],
                message:
                    '"/var/run/docker.sock" is not where a rootless engine listens; write its own socket, such as ' +
                    '"/run/user/1000/docker.sock"',
            },
        ]);
        assert.deepEqual(wrongSockets(plan({}).wanted.sockets, rootless), []);
    });
});
