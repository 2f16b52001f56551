import type { z } from "zod";
import { hostPortMistake, loopbackMistake, splitHostPort } from "../../config/schema/hosts";
import { labelName, labels } from "../../config/schema/labels";
import { thanosLimitsSchema } from "../../config/schema/profiles";
import { show } from "../../config/schema/problems";
import { ruleFiles } from "../../config/schema/rules";
import { ownScrapeJob } from "../../config/schema/scrapeJob";
import {
    bindAddress,
    count,
    dataVolume,
    duration,
    image,
    listOf,
    memory,
    object,
    oneOf,
    port,
    publishedPort,
    startTimeout,
    text,
    toggle,
    webUrl,
} from "../../config/schema/values";
import { remoteWritePort } from "./container";
import { objectStorageSchema } from "./objectStorage";
import { tlsSchema } from "./tls";

export const standardImage = "quay.io/thanos/thanos:v0.42.4";

/** What all components have in common. */
const common = {
    image: image(standardImage),
    limits: thanosLimitsSchema.prefault({}).describe("When the alerts of all components fire."),
    scrapeJob: ownScrapeJob.describe("How each component is scraped."),
    tls: tlsSchema,
    objectStorage: objectStorageSchema.optional().meta({
        description:
            "The bucket that blocks are shipped to and read from: [S3](#s3), [GCS](#google-cloud-storage), [AZURE](#azure-blob-storage) or [FILESYSTEM](#a-folder-as-a-bucket).",
    }),
};

const sidecarKeys = {
    memoryLimit: memory("256MB"),
    startTimeout,
    port: port.optional().meta({
        description:
            "TCP port on the Docker host where the Query of other stacks finds it, by gRPC: without `tls` whoever reaches it can read all samples.",
        derived: "not published",
    }),
    bindAddress,
    uploadCompacted: toggle
        .prefault("false")
        .describe("Ship the blocks too that Prometheus has compacted before; needed once, for an existing database."),
};

/** @param whose the container that asks there, e.g. "Query's" */
function endpoint(whose: string, example: string) {
    const mistake = (value: string) => hostPortMistake(value, example) ?? loopbackMistake(splitHostPort(value), whose);
    return text(/\S/, "host:port", `one, such as "${example}"`).refine((value) => mistake(value) === undefined, {
        error: ({ input }) => `${show(input)} ${mistake(String(input))}`,
    });
}

const endpointExample = "web-2.example.com:10901";

const queryKeys = {
    port: publishedPort(10902),
    bindAddress: bindAddress.describe(
        "Address of the Docker host that the port is published on. Query has no login: keep it private.",
    ),
    externalUrl: webUrl('one, such as "https://query.example.com"').optional().meta({
        description: "Where people find Query's page.",
        derived: "below the door where there is one, else `http://<bindAddress>:<port>`",
    }),
    memoryLimit: memory("1GB"),
    startTimeout,
    endpoints: listOf(endpoint("Query's", endpointExample), `a list of addresses, such as ["${endpointExample}"]`)
        .default([])
        .describe(
            "Who else is asked for samples: the sidecars, stores, receivers and Queries of other stacks, by host:port.",
        ),
    replicaLabels: listOf(
        text(labelName, "a label's name", 'one, such as "replica"'),
        'a list of labels, such as ["replica"]',
    )
        .default(["replica"])
        .describe(
            "Labels that tell apart those who have scraped the same: of series that differ in these alone there is one. `replica` is that of a `pair`; that of the stack's own `receive`, `receive_replica`, is one too.",
        ),
    deduplication: oneOf(["penalty", "chain"]).optional().meta({
        description:
            "How the samples of such series are put together: `penalty` takes those of one of them as long as it has any, for who has scraped on its own; `chain` takes all, for copies that are equal.",
        derived: "`chain` beside `receive`, else `penalty`",
    }),
    queryTimeout: duration.prefault("2m").describe("How long a query may take."),
};

const storeKeys = {
    memoryLimit: memory("1GB"),
    startTimeout,
    syncInterval: duration.prefault("3m").describe("How often it looks for new blocks in the bucket."),
};

/** The least that is left to make the next resolution of. Source: https://thanos.io/tip/components/compact.md/ */
const retention = (what: string, least: string, milliseconds: number) =>
    duration
        .refine((value) => value >= milliseconds, {
            error: `is less than ${least}, after which the next coarser samples are made; write at least that`,
        })
        .optional()
        .meta({ description: `How long ${what} are kept.`, derived: "forever" });

const hour = 3_600_000;

const compactorKeys = {
    memoryLimit: memory("2GB"),
    startTimeout,
    retention: object({
        raw: retention("samples as they were scraped", "40h", 40 * hour),
        "5m": retention("samples of every five minutes", "10d", 240 * hour),
        "1h": retention("samples of every hour", "1h", hour),
    })
        .prefault({})
        .describe("How long samples are kept in the bucket, by their resolution."),
};

const queryFrontendKeys = {
    memoryLimit: memory("512MB"),
    startTimeout,
    splitInterval: duration.prefault("1d").describe("Into how long pieces a query over a time is split."),
    cacheSize: memory("256MB").describe("How much of the answers is kept in memory."),
};

const [ownMember, otherMember] = ["10.0.0.5:10901", "10.0.0.6:10901"];

const receiveKeys = {
    port: publishedPort(remoteWritePort),
    bindAddress: bindAddress.describe(
        "Address of the Docker host that the port is published on. Nobody is asked for a login there: other machines send through the door.",
    ),
    address: endpoint("Receive's", ownMember)
        .refine((value) => /^\d+\.\d+\.\d+\.\d+:\d+$/.test(value), {
            error: ({ input }) =>
                `${show(input)} is not an IPv4 address with a port; write that of this Docker host, such as "${ownMember}"`,
        })
        .optional()
        .meta({
            description:
                "Address and port of this Docker host on which the other members, and the Query of other stacks, find it by gRPC: without `tls` whoever reaches it can read and write samples.",
            derived: "not published",
        }),
    members: listOf(
        endpoint("Receive's", otherMember),
        `a list of addresses, such as ["${ownMember}", "${otherMember}"]`,
    )
        .default([])
        .describe("The `address` of every member of the ring, of this one too, written alike in all their stacks."),
    replicationFactor: count
        .refine((value) => value > 0, { error: "is 0, and nothing would be kept; write 1 or more" })
        .optional()
        .meta({
            description: "How many members keep each sample; the same in all their stacks.",
            derived: "3, or as many as there are `members` where they are fewer",
        }),
    retentionTime: duration
        .prefault("15d")
        .describe("How long samples are kept: a sender that is silent for as long is forgotten with all its samples."),
    memoryLimit: memory("2GB"),
    startTimeout,
    dataVolume: dataVolume("samples that others have sent"),
};

const rulerKeys = {
    rules: object({ files: ruleFiles }).prefault({}).describe("Its rules: files in the repository."),
    labels: labels.optional().meta({
        description: "Labels of all that it records and of its alerts: they tell its blocks from those of others.",
        derived: "`ruler`, the name of the stack",
    }),
    retentionTime: duration
        .prefault("2d")
        .describe("How long it keeps what it has recorded; what is in the bucket stays there."),
    memoryLimit: memory("512MB"),
    startTimeout,
    dataVolume: dataVolume("recorded series"),
};

export const thanosSchema = object({
    ...common,
    sidecar: object(sidecarKeys).prefault({}).describe("The one beside Prometheus, wherever `thanos` is declared."),
    query: object(queryKeys).optional().describe("Answers queries from all of them: the data source of Grafana."),
    store: object(storeKeys).optional().describe("Gives what is in the bucket."),
    compactor: object(compactorKeys)
        .optional()
        .describe("Compacts the bucket and removes what is too old: one for each bucket."),
    receive: object(receiveKeys).optional().describe("Takes samples that others send, alone or as a member of a ring."),
    queryFrontend: object(queryFrontendKeys).optional().describe("Splits the queries of Grafana and keeps answers."),
    ruler: object(rulerKeys).optional().describe("Evaluates rules over all that Query answers from."),
})
    .optional()
    .describe("Long-term storage and queries over several stacks: docs/long-term-storage.md.");

/** What each component finds: its own keys, and those of all. */
export const sidecarSchema = object({ ...common, ...sidecarKeys });
export const querySchema = object({ ...common, ...queryKeys });
export const storeSchema = object({ ...common, ...storeKeys });
export const receiveSchema = object({ ...common, ...receiveKeys });
export const compactorSchema = object({ ...common, ...compactorKeys });
export const queryFrontendSchema = object({ ...common, ...queryFrontendKeys });
export const rulerSchema = object({ ...common, query: object(queryKeys), ...rulerKeys });

export type ReceiveSettings = z.output<typeof receiveSchema>;
export type QuerySettings = z.output<typeof querySchema>;
export type RulerSettings = z.output<typeof rulerSchema>;
export type ThanosSettings = NonNullable<z.output<typeof thanosSchema>>;
