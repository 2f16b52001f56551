import assert from "node:assert/strict";
import type Docker from "dockerode";
import { containerKind } from "../../toolchain/plugins/docker/container";
import { containerUnsupported } from "../../toolchain/plugins/docker/inputs";
import { networkKind } from "../../toolchain/plugins/docker/network";
import { volumeKind } from "../../toolchain/plugins/docker/volume";
import type { Properties, ResourceKind } from "../../toolchain/plugins/shared/provider";
import recorded from "../conformance/docker-plugin-5.1.0.json";
import { changed, kindOfChange } from "./changes";

/** Check and Diff ask no Docker engine. */
const noEngine = (): Docker => {
    throw new Error("asked the Docker engine");
};
// The program declares no images: a container's image is pulled with it.
const { remoteImage: _unused, ...groups } = recorded.groups;
const kinds: Record<keyof typeof groups, ResourceKind> = {
    container: containerKind(noEngine),
    network: networkKind(noEngine),
    volume: volumeKind(noEngine),
};

describe("the docker plugin from packages answers as the official one", () => {
    for (const [group, { base, exampleOutputs, cases }] of Object.entries(groups)) {
        const kind = kinds[group as keyof typeof kinds];
        for (const { case: name, change, ...expected } of cases) {
            const refused = Object.keys(change).filter((key) => containerUnsupported.includes(key));
            if (refused.length > 0) {
                it(`${group}: ${name}, which it refuses by name`, () => {
                    const failures = kind.check("c", changed(base, change));
                    assert.deepEqual(
                        failures.map(({ property }) => property),
                        refused,
                    );
                    assert.match(failures[0]?.reason ?? "", /"uploads" is not supported by the plugin from packages/);
                });
                continue;
            }
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
    const { base, exampleOutputs } = recorded.groups.container;
    const { mustRun: _mustRun, ...undeclared } = base;

    it("starts a container again that a refresh found stopped", () => {
        const diff = kinds.container.diff({ ...exampleOutputs, mustRun: false }, undeclared, undeclared);
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
    const { base } = recorded.groups.container;
    const { image: _, ...withoutImage } = base;
    const wrong: Record<keyof typeof recorded.check, Properties> = {
        "unknown input": { ...base, nme: "x" },
        "no image": withoutImage,
        "bad restart": { ...base, restart: "sometimes" },
        "bad port": { ...base, ports: [{ internal: 70000 }] },
        "bad duration": { ...base, healthcheck: { tests: ["CMD", "true"], interval: "5" } },
        "relative host path": { ...base, volumes: [{ hostPath: "a/b", containerPath: "/v" }] },
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
