import assert from "node:assert/strict";
import { deployParts } from "../../../components/stackResources";
import { usualTraits } from "../../../components/engineTraits";
import { thanosCertificate, thanosKey } from "../../certificates";
import { plan } from "../../declaration";
import { created, inputsOf, optionsOf, registered, types } from "../../setup";
import { common, network } from "../declared";

const objectStorage = {
    type: "S3",
    config: { bucket: "metrics", endpoint: "s3:8333", accessKey: "a", secretKey: "not-to-be-seen" },
};
const everything = { objectStorage, query: {}, store: {}, compactor: {}, queryFrontend: {} };

async function deployed(thanos: object, more: object = {}) {
    created.length = 0;
    const stack = plan({ thanos, grafana: { enabled: false }, nodeExporter: { enabled: false }, ...more });
    const place = { network: network(), generations: {}, engine: usualTraits, opts: {} };
    const parts = await deployParts(stack, place);
    await registered();
    return Object.assign({}, ...parts.map(({ outputs }) => outputs)) as Readonly<Record<string, unknown>>;
}

const command = (role: string) => inputsOf(types.container, role).command as readonly string[];
const mounts = (role: string) =>
    (inputsOf(types.container, role).mounts as { source: string; target: string }[]).map(
        ({ source, target }) => `${source}:${target}`,
    );

describe("Thanos' components", () => {
    it("are containers without rights, of which Query alone is published", async () => {
        const outputs = await deployed(everything);
        assert.equal(outputs.thanosQueryUrl, "http://127.0.0.1:10902");
        for (const role of ["sidecar", "store", "compactor", "query-frontend", "query"].map(
            (each) => `thanos-${each}`,
        )) {
            const { labels, user, readOnly, capabilities, ports, memory } = inputsOf(types.container, role);
            assert.deepEqual(
                { labels, readOnly, capabilities },
                {
                    ...{ labels: common.labels, readOnly: true, capabilities: common.capabilities },
                },
            );
            assert.equal(user, "65534:65534");
            assert.ok(Number(memory) > 0, role);
            const published = [{ internal: 10902, external: 10902, ip: "127.0.0.1" }];
            assert.deepEqual(ports, role === "thanos-query" ? published : undefined);
            assert.ok(!JSON.stringify(inputsOf(types.container, role)).includes("not-to-be-seen"));
        }
    });

    it("have the sidecar at the samples of Prometheus, wherever they are, where it ships them", async () => {
        await deployed({ objectStorage }, { prometheus: { dataVolume: "prometheus_data" } });
        assert.ok(mounts("thanos-sidecar").includes("prometheus_data:/prometheus"));
        assert.ok(command("thanos-sidecar").includes("--objstore.config-file=/etc/thanos/secrets/objectStorage.yml"));
        await deployed({ query: {} });
        assert.deepEqual(mounts("thanos-sidecar"), ["metrics-stack-test-thanos-sidecar-config:/etc/thanos"]);
        assert.ok(!command("thanos-sidecar").some((flag) => flag.startsWith("--objstore")));
    });

    it("have Prometheus leave its blocks as they are where they are shipped", async () => {
        const flags = () => command("prometheus").filter((flag) => flag.includes("block-duration"));
        await deployed({ objectStorage });
        assert.deepEqual(flags(), ["--storage.tsdb.min-block-duration=2h", "--storage.tsdb.max-block-duration=2h"]);
        await deployed({ query: {} });
        assert.deepEqual(flags(), []);
    });

    it("share a bucket that is a folder", async () => {
        const config = { directory: "/srv/metrics" };
        await deployed({ ...everything, objectStorage: { type: "FILESYSTEM", config } });
        for (const role of ["thanos-sidecar", "thanos-store", "thanos-compactor"]) {
            assert.ok(mounts(role).includes("/srv/metrics:/bucket"), role);
        }
        assert.ok(!mounts("thanos-query").includes("/srv/metrics:/bucket"));
    });

    it("work in a volume that is theirs", async () => {
        await deployed(everything);
        assert.ok(mounts("thanos-compactor").includes("metrics-stack-test-thanos-compactor-data:/data"));
        const { environment } = inputsOf(types.command, "thanos-compactor-data-owner");
        assert.equal((environment as { USER_ID: string }).USER_ID, "65534");
    });

    it("are told how long samples are kept", async () => {
        await deployed({ objectStorage, compactor: { retention: { raw: "60d", "1h": "5y" } } });
        assert.deepEqual(
            command("thanos-compactor").filter((flag) => flag.startsWith("--retention")),
            ["--retention.resolution-raw=60d", "--retention.resolution-1h=5y"],
        );
    });

    it("are found by others where that is declared", async () => {
        await deployed({ sidecar: { port: 10901, bindAddress: "10.0.0.5" }, query: {} });
        assert.deepEqual(inputsOf(types.container, "thanos-sidecar").ports, [
            { internal: 10901, external: 10901, ip: "10.0.0.5" },
        ]);
    });

    it("keep what Receive has taken: a volume that outlives the stack, of which the ring has copies", async () => {
        const members = ["10.0.0.5:10907", "10.0.0.6:10907", "10.0.0.7:10907", "10.0.0.8:10907"];
        const tls = { cert: thanosCertificate, key: thanosKey };
        await deployed({ tls, objectStorage, receive: { address: "10.0.0.5:10907", members, retentionTime: "2d" } });
        const flags = command("thanos-receive");
        assert.deepEqual(
            flags.filter((flag) => /tsdb|label|factor|local-endpoint|objstore/.test(flag)),
            [
                "--tsdb.path=/data/receive",
                "--tsdb.retention=2d",
                '--label=receive_replica="test"',
                "--receive.local-endpoint=10.0.0.5:10907",
                "--receive.replication-factor=3",
                "--objstore.config-file=/etc/thanos/secrets/objectStorage.yml",
            ],
        );
        for (const flag of ["--grpc-server-tls-client-ca", "--remote-write.client-tls-ca"]) {
            assert.ok(flags.includes(`${flag}=/etc/thanos/secrets/tls.cert.pem`), flags.join("\n"));
        }
        assert.deepEqual(inputsOf(types.container, "thanos-receive").ports, [
            { internal: 19291, external: 19291, ip: "127.0.0.1" },
            { internal: 10901, external: 10907, ip: "10.0.0.5" },
        ]);
        assert.ok(mounts("thanos-receive").includes("metrics-stack-test-thanos-receive-data:/data"));
        assert.equal(optionsOf("thanos-receive-data").retainOnDelete, true);
        await deployed({ receive: { dataVolume: "samples" } });
        assert.ok(mounts("thanos-receive").includes("samples:/data"));
        assert.ok(command("thanos-receive").includes("--receive.replication-factor=1"));
    });

    it("have Query know copies from scrapes of the same", async () => {
        const flags = () => command("thanos-query").filter((flag) => /replica-label|deduplication/.test(flag));
        await deployed({ query: {} });
        assert.deepEqual(flags(), ["--query.replica-label=replica"]);
        await deployed({ receive: {}, query: {} });
        const both = ["--query.replica-label=replica", "--query.replica-label=receive_replica"];
        assert.deepEqual(flags(), [...both, "--deduplication.func=chain"]);
        await deployed({ receive: {}, query: { deduplication: "penalty" } });
        assert.deepEqual(flags(), [...both, "--deduplication.func=penalty"]);
    });

    it("come after what they ask", async () => {
        await deployed(everything);
        const before = (name: string) => optionsOf(name).dependencies;
        assert.ok(before("thanos-sidecar").includes("prometheus"), before("thanos-sidecar").join());
        for (const asked of ["thanos-sidecar-config-activate", "thanos-store-config-activate"]) {
            assert.ok(before("thanos-query").includes(asked), before("thanos-query").join());
        }
        assert.ok(!before("thanos-store").includes("thanos-sidecar-config-activate"));
    });
});
