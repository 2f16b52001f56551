import assert from "node:assert/strict";
import { ConfigError } from "../../config/schema/problems";
import { readDeclaration } from "../../config/declaration";
import { declarable } from "../../components/parts";
import { planned } from "../../components/planned";
import { counter } from "../counter";
import { Counter } from "../counter/resources";
import { plan } from "../declaration";
import { declared, inputsOf, registered, types } from "../setup";
import { alertmanagerArgs, common, network } from "./declared";

/** What a stack comes to whose list of parts has the counter too. tests/integration/part.test.ts deploys one. */
describe("A part more", () => {
    const surroundings = {
        ...{ stack: "test", hostName: "web-1", encrypted: new Set<string>() },
        ...{ readFile: () => assert.fail("no file is read"), listFolder: () => assert.fail("no folder is read") },
    };
    const withCounter = (settings: object) => {
        const list = [...declarable, counter];
        return planned(list, readDeclaration({ counter: settings }, surroundings, list), surroundings);
    };

    it("is no key of a stack without it", () => {
        assert.throws(() => plan({ counter: {} }), /metrics-stack:counter: is not a known key/);
    });

    it("is off unless it is declared, and its volumes are the stack's own all the same", () => {
        const without = plan();
        const { parts: on, published, wanted } = withCounter({});
        assert.deepEqual(
            on.map(({ part }) => part.key),
            without.parts.map(({ part }) => part.key),
        );
        assert.deepEqual(published, without.published);
        assert.deepEqual(wanted, {
            ...without.wanted,
            ownVolumes: [
                ...without.wanted.ownVolumes,
                "metrics-stack-test-counter-data",
                "metrics-stack-test-counter-config",
            ],
        });
    });

    it("publishes its job, listens on its port and has its files; of the others it is Prometheus alone that knows of it", () => {
        const without = plan();
        const { parts: on, published, wanted } = withCounter({ enabled: true, step: 2 });
        assert.deepEqual(published.jobs.slice(0, -1), without.published.jobs);
        const { jobName, metricsPath, staticConfigs } = published.jobs.at(-1) ?? assert.fail("it publishes no job");
        assert.deepEqual(
            [jobName, metricsPath, staticConfigs],
            ["counter", "/cgi-bin/metrics", [{ targets: ["metrics-stack-test-counter:8080"], labels: {} }]],
        );
        assert.deepEqual(wanted.listeners, [
            ...without.wanted.listeners,
            { owner: "counter", path: ["counter", "port"], address: "127.0.0.1", port: 8080 },
        ]);
        const { image, files, secretFiles } = on.at(-1) ?? assert.fail("it is not planned");
        assert.deepEqual([image, files, secretFiles], ["localhost/metrics-stack/counter:v1", { step: "2\n" }, {}]);
        const changed = on.slice(0, -1).filter(({ files: ofPart }, i) => {
            const before = without.parts[i]?.files ?? {};
            return Object.keys({ ...before, ...ofPart }).some((file) => before[file] !== ofPart[file]);
        });
        assert.deepEqual(
            changed.map(({ part }) => part.key),
            ["prometheus"],
        );
    });

    it("has its mistakes told by their keys, all at once", () => {
        assert.throws(
            () => withCounter({ step: 0, prot: 8080, dataVolume: "/srv" }),
            (error: ConfigError) => {
                assert.deepEqual(error.problems.map(({ path }) => path.join(".")).sort(), [
                    "counter.dataVolume",
                    "counter.prot",
                    "counter.step",
                ]);
                return error instanceof ConfigError;
            },
        );
    });

    it("takes over the volume of an older installation", () => {
        const { wanted } = withCounter({ enabled: true, dataVolume: "old" });
        assert.deepEqual(
            wanted.adopters.map(({ path, volume, userId, mark }) => [path.join(), volume, userId, mark]),
            [["counter", "old", 65534, "count"]],
        );
    });

    it("declares a container with its two volumes, and the delivery of its files", async () => {
        const args = { ...alertmanagerArgs, image: "localhost/metrics-stack/counter:v1", port: 8080 };
        new Counter("counter", { ...args, network: network(), files: { step: "2\n" }, secretFiles: {} });
        await registered();
        assert.deepEqual(declared(), [
            ...["activate", "secrets", "stage"].map((step) => `${types.command} counter-config-${step}`),
            `${types.container} counter`,
            `${types.network} network`,
            `${types.volume} counter-config`,
            `${types.volume} counter-data`,
            "monitoring:index:ConfigVolume counter-config",
            "monitoring:index:Counter counter",
            "monitoring:index:Network network",
        ]);
        const { healthcheck: _, ...container } = inputsOf(types.container, "counter");
        assert.deepEqual(container, {
            ...common,
            name: "metrics-stack-test-counter",
            image: "localhost/metrics-stack/counter:v1",
            user: "65534:65534",
            ...{ memory: 256, memorySwap: 256, securityOpts: ["no-new-privileges:true"] },
            networkMode: "bridge",
            networksAdvanced: [{ name: "metrics-stack-test" }],
            ports: [{ internal: 8080, external: 8080, ip: "127.0.0.1" }],
            mounts: [
                { type: "volume", source: "metrics-stack-test-counter-data", target: "/counter" },
                {
                    ...{ type: "volume", source: "metrics-stack-test-counter-config" },
                    ...{ target: "/etc/counter", readOnly: true },
                },
            ],
            destroyGraceSeconds: 5,
        });
    });
});
