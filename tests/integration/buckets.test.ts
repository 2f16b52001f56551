import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { objectStorageSchema, storageFiles } from "../../components/thanos/objectStorage";
import { standardImage } from "../../components/thanos/settings";
import { project } from "../../toolchain/checkout";
import { images } from "../images";
import { thanosCertificate, thanosKey } from "../certificates";
import { blocksInBucket, makeBlocks } from "./blocks";
import { Checkout, docker, freePort } from "./checkout";
import { eventually, PrometheusApi } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";

const day = 86_400;

/** A folder on the Docker host, such as that of a NAS, is a bucket as any other. */
describe("Samples in a folder as a bucket", function () {
    this.timeout(300_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    const volume = `${checkout.stack}-bucket`;
    const tenDaysAgo = Math.floor(Date.now() / 1000) - 10 * day;
    let [prometheus, query]: PrometheusApi[] = [];

    const declare = (retentionTime: string) =>
        checkout.declare({
            prometheus: { port: prometheus?.port, retentionTime },
            thanos: {
                objectStorage: { type: "FILESYSTEM", config: { directory: volume } },
                query: { port: query?.port },
                store: { syncInterval: "5s" },
            },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
        });
    const inVolume = (...command: string[]) => {
        const way = ["run", "--rm", "--user", "0", "--volume", `${volume}:/b`, "--entrypoint", ""];
        docker(...way, images.prometheus, ...command);
    };

    before(async () => {
        [prometheus, query] = [new PrometheusApi(await freePort()), new PrometheusApi(await freePort())];
        docker("volume", "create", volume);
    });

    after(() => {
        checkout.remove();
        docker("volume", "rm", volume);
    });

    step("are not shipped where Thanos may not write: up says so", async () => {
        inVolume("chown", "0:0", "/b");
        declare("30d");
        const { status, text } = await checkout.npm("up");
        assert.notEqual(status, 0);
        assert.match(text, /thanos\.objectStorage cannot be used: user 65534 may not write into it/);
    });

    step("are shipped where it may", async () => {
        inVolume("chown", "65534:65534", "/b");
        await checkout.succeed("up");
        // What Prometheus forgets counts from the end of its newest block.
        await makeBlocks(checkout, "old", [tenDaysAgo, tenDaysAgo + 15, tenDaysAgo + 10 * day - 4 * 3600]);
        await eventually(60_000, () => Promise.resolve(assert.equal(blocksInBucket(checkout), 2)));
    });

    step("are answered from there once Prometheus has forgotten them", async () => {
        declare("5d");
        await checkout.succeed("up");
        const old = `old @ ${tenDaysAgo + 60}`;
        await eventually(60_000, async () => {
            assert.deepEqual(await prometheus?.query(old), []);
            assert.deepEqual(
                (await query?.query(old))?.map(({ value }) => value),
                [42],
            );
        });
    });
});

/** What Thanos makes of each kind of bucket, of which those of others than S3 and a folder cannot be had here. */
describe("Every key of a bucket", function () {
    this.timeout(60_000);

    const httpConfig = {
        tlsConfig: {
            ...{ ca: thanosCertificate, cert: thanosCertificate, key: thanosKey },
            ...{ serverName: "storage.example.com", insecureSkipVerify: true },
        },
    };
    const azure = { storageAccount: "examplemetrics", container: "metrics" };
    const every: readonly (readonly [type: string, config: object])[] = [
        [
            "S3",
            {
                ...{ bucket: "metrics", endpoint: "s3.example.com", region: "eu-central-1", insecure: false },
                ...{ accessKey: "id", secretKey: "key", sessionToken: "token", awsSdkAuth: false },
                ...{ bucketLookupType: "path", signatureVersion2: false, listObjectsVersion: "v2" },
                ...{ disableDualstack: true, sendContentMd5: true, disableMultipart: false, partSize: 67108864 },
                putUserMetadata: { "X-Amz-Storage-Class": "STANDARD_IA" },
                sseConfig: { type: "SSE-KMS", kmsKeyId: "id", kmsEncryptionContext: { team: "shop" } },
                ...{ stsEndpoint: "https://sts.example.com", maxRetries: 3, httpConfig },
            },
        ],
        [
            "GCS",
            {
                ...{ bucket: "metrics", serviceAccount: '{"type": "service_account"}', useGrpc: false },
                ...{ chunkSizeBytes: 16777216, maxRetries: 3, httpConfig },
            },
        ],
        [
            "AZURE",
            {
                ...{ ...azure, storageAccountKey: "a2V5", endpoint: "blob.core.windows.net" },
                ...{ storageCreateContainer: false, maxRetries: 3, httpConfig },
            },
        ],
        ["AZURE", { ...azure, azTenantId: "id", clientId: "id", clientSecret: "secret" }],
        ["AZURE", { ...azure, storageConnectionString: "UseDevelopmentStorage=true" }],
        ["AZURE", { ...azure, userAssignedId: "id" }],
    ];

    it("is in one of these", () => {
        for (const type of ["S3", "GCS", "AZURE"]) {
            const used = every.flatMap(([each, config]) => (each === type ? Object.keys(config) : []));
            assert.deepEqual([...new Set(used)].sort(), keysOf(type.toLowerCase()));
        }
    });

    const said = (config: string) => {
        const way = ["run", "--rm", "--network", "none", "--entrypoint", "timeout", standardImage, "3", "thanos"];
        const ls = ["tools", "bucket", "ls", `--objstore.config=${config}`];
        return spawnSync("docker", [...way, ...ls], { encoding: "utf8" }).stderr;
    };

    for (const [type, config] of every) {
        it(`is one that Thanos knows: ${type}, ${Object.keys(config).join(", ")}`, () => {
            const file = storageFiles(objectStorageSchema.parse({ type, config }))["objectStorage.yml"]?.reveal() ?? "";
            const parsed = parse(file) as { config: object };
            const strange = stringify({ ...parsed, config: { ...parsed.config, strange: 1 } });
            assert.match(said(strange), /field strange not found/);
            const text = said(file);
            assert.match(text, /loading bucket configuration/);
            assert.doesNotMatch(text, /yaml:|not found in|cannot|must be|required/);
        });
    }
});

/** The keys of a kind of bucket that a stack file may have. */
function keysOf(kind: string): string[] {
    const text = readFileSync(path.join(project, "stackFile.schema.json"), "utf8");
    const { definitions } = JSON.parse(text) as { definitions: Record<string, { properties: object }> };
    return Object.keys(definitions[kind]?.properties ?? {}).sort();
}
