import assert from "node:assert/strict";
import { containerKind } from "../../toolchain/plugins/docker/container";
import { defaults } from "../../toolchain/plugins/docker/containerState";
import { networkKind } from "../../toolchain/plugins/docker/network";
import { volumeKind } from "../../toolchain/plugins/docker/volume";
import type { Properties, ResourceKind } from "../../toolchain/plugins/shared/provider";
import recorded from "../conformance/docker-plugin-5.1.0.json";
import { changed, kindOfChange } from "./changes";
import { noEngine } from "./engine";

const { groups } = recorded;
const kinds: Record<keyof typeof groups, ResourceKind> = {
    container: containerKind(noEngine),
    network: networkKind(noEngine),
    volume: volumeKind(noEngine),
};

describe("the docker plugin from packages answers as the official one", () => {
    for (const [group, { base, exampleOutputs, cases }] of Object.entries(groups)) {
        const kind = kinds[group as keyof typeof kinds];
        for (const { case: name, change, ...expected } of cases) {
            it(`${group}: ${name}`, () => {
                const diff = kind.diff(exampleOutputs, base, changed(base, change));
                assert.deepEqual(Object.keys(diff.differences).sort(), [...expected.diffs].sort());
                assert.equal(kindOfChange(diff), expected.kind);
                if (expected.kind === "replace") {
                    assert.equal(
                        diff.deleteBeforeReplace,
                        "deleteBeforeReplace" in expected && expected.deleteBeforeReplace,
                    );
                }
            });
        }
    }
});

describe("the docker plugin from packages", () => {
    const { base, exampleOutputs } = groups.container;

    const refused: [group: keyof typeof groups, given: Properties, path: string][] = [
        ["container", { ulimits: [{ name: "nofile", soft: 1024, hard: 2048 }] }, "ulimits"],
        ["container", { wait: false }, "wait"],
        ["container", { nme: "x" }, "nme"],
        ["container", { networksAdvanced: [{ name: "a" }, { name: "b", aliases: ["x"] }] }, "networksAdvanced.aliases"],
        [
            "container",
            { mounts: [{ type: "bind", bindOptions: { propagation: "rslave", nonRecursive: true } }] },
            "mounts.bindOptions.nonRecursive",
        ],
        ["network", { internal: true }, "internal"],
        ["network", { ipamConfigs: [{ subnet: "172.29.8.0/24", ipRange: "172.29.8.0/28" }] }, "ipamConfigs.ipRange"],
        ["volume", { driverOpts: { type: "tmpfs" } }, "driverOpts"],
    ];
    for (const [group, given, path] of refused) {
        it(`refuses by name what it does not have: ${group}, ${path}`, () => {
            const [property] = Object.keys(given);
            const reason = `${groups[group].type}: input "${path}" is not supported by the plugin from packages; use the official plugin (TOOLCHAIN=official)`;
            assert.deepEqual(kinds[group].check("c", { ...groups[group].base, ...given }), [{ property, reason }]);
        });
    }

    for (const [group, { base }] of Object.entries(groups)) {
        it(`takes every input that it has: ${group}`, () =>
            assert.deepEqual(kinds[group as keyof typeof groups].check("c", base), []));
    }

    it("records of inputs that are left out what the official one does", () => {
        assert.deepEqual({ ...exampleOutputs, ...defaults }, exampleOutputs);
    });

    it("starts a container again that a refresh found stopped", () => {
        const diff = kinds.container.diff({ ...exampleOutputs, mustRun: false }, base, base);
        assert.deepEqual(diff.differences, { mustRun: { kind: "update", replace: false } });
    });

    it("finds no difference in a value that is not known yet but in its kind", () => {
        const unknownMounts = { ...base, mounts: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
        assert.deepEqual(kinds.container.diff(exampleOutputs, base, unknownMounts).differences, {
            mounts: { kind: "update", replace: true },
        });
    });
});

describe("a failed check of the docker plugin from packages says what the official one says", () => {
    const { base } = groups.container;
    const { image: _, ...withoutImage } = base;
    const wrong: Record<keyof typeof recorded.check, Properties> = {
        "no image": withoutImage,
        "bad restart": { ...base, restart: "sometimes" },
        "bad port": { ...base, ports: [{ internal: 70000 }] },
        "bad duration": { ...base, healthcheck: { tests: ["CMD", "true"], interval: "5" } },
        "bad mount type": { ...base, mounts: [{ type: "bnd", target: "/v" }] },
    };
    for (const [name, reasons] of Object.entries(recorded.check)) {
        it(name, () => {
            const failures = kinds.container.check("c", wrong[name as keyof typeof wrong]);
            assert.deepEqual(
                failures.map(({ reason }) => reason),
                reasons,
            );
        });
    }
});
