import type { z } from "zod";
import { hostPortMistake, loopbackMistake, splitHostPort } from "../../config/schema/hosts";
import { labelName } from "../../config/schema/labels";
import { thanosLimitsSchema } from "../../config/schema/profiles";
import { show } from "../../config/schema/problems";
import { ownScrapeJob } from "../../config/schema/scrapeJob";
import {
    bindAddress,
    duration,
    image,
    listOf,
    memory,
    object,
    port,
    publishedPort,
    startTimeout,
    text,
    toggle,
    webUrl,
} from "../../config/schema/values";
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

const endpointExample = "web-2.example.com:10901";

const endpoint = text(/\S/, "host:port", `one, such as "${endpointExample}"`).refine(
    (value) => endpointMistake(value) === undefined,
    { error: ({ input }) => `${show(input)} ${endpointMistake(String(input))}` },
);

const endpointMistake = (value: string) =>
    hostPortMistake(value, endpointExample) ?? loopbackMistake(splitHostPort(value), "Query's");

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
    endpoints: listOf(endpoint, `a list of addresses, such as ["${endpointExample}"]`)
        .default([])
        .describe("Who else is asked for samples: the sidecars, stores and Queries of other stacks, by host:port."),
    replicaLabels: listOf(
        text(labelName, "a label's name", 'one, such as "replica"'),
        'a list of labels, such as ["replica"]',
    )
        .default(["replica"])
        .describe(
            "Labels that tell apart those who have scraped the same: of series that differ in these alone there is one. `replica` is that of a `pair`.",
        ),
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

export const thanosSchema = object({
    ...common,
    sidecar: object(sidecarKeys).prefault({}).describe("The one beside Prometheus, wherever `thanos` is declared."),
    query: object(queryKeys).optional().describe("Answers queries from all of them: the data source of Grafana."),
    store: object(storeKeys).optional().describe("Gives what is in the bucket."),
    compactor: object(compactorKeys)
        .optional()
        .describe("Compacts the bucket and removes what is too old: one for each bucket."),
    queryFrontend: object(queryFrontendKeys).optional().describe("Splits the queries of Grafana and keeps answers."),
})
    .optional()
    .describe("Long-term storage and queries over several stacks: docs/long-term-storage.md.");

/** What each component finds: its own keys, and those of all. */
export const sidecarSchema = object({ ...common, ...sidecarKeys });
export const querySchema = object({ ...common, ...queryKeys });
export const storeSchema = object({ ...common, ...storeKeys });
export const compactorSchema = object({ ...common, ...compactorKeys });
export const queryFrontendSchema = object({ ...common, ...queryFrontendKeys });

export type ThanosSettings = NonNullable<z.output<typeof thanosSchema>>;
