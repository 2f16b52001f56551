import type { z } from "zod";
import { modeSchema } from "../../config/schema/mode";
import { ownScrapeJob } from "../../config/schema/scrapeJob";
import {
    bindAddress,
    dataVolume,
    duration,
    image,
    memory,
    object,
    publishedPort,
    sizeLimit,
    startTimeout,
    toggle,
    webUrl,
} from "../../config/schema/values";
import { webSchema } from "../../config/schema/web";
import { flagKeys } from "./flags";
import { mounts } from "./mounts";

/** 3.13 is the long-term support line: https://prometheus.io/docs/introduction/release-cycle/ */
export const standardImage = "prom/prometheus:v3.13.5";

export const prometheusSchema = object({
    mode: modeSchema,
    image: image(standardImage),
    port: publishedPort(9090),
    bindAddress: bindAddress.describe(
        "Address of the Docker host that the port is published on. Without `web` Prometheus has no login: keep it private.",
    ),
    externalUrl: webUrl('one, such as "https://prometheus.example.com"').optional().meta({
        description: "Where people find Prometheus: alerts link to it. The flag `--web.external-url`.",
        derived:
            "below the door where there is one, else `http://<bindAddress>:<port>`; for `0.0.0.0` the host of `dockerHost`, or `127.0.0.1`",
    }),
    consoles: toggle
        .prefault(true)
        .describe(
            "Whether Prometheus also serves the dashboards as pages, under `/consoles/`: the flags `--web.console.templates` and `--web.console.libraries`.",
        ),
    memoryLimit: memory("2GB"),
    retentionTime: duration
        .prefault("15d")
        .describe("How long samples are kept: the flag `--storage.tsdb.retention.time`."),
    retentionSize: sizeLimit('the most that the samples may take, such as "50GB"').optional().meta({
        description: "How much the samples may take; the oldest go first: the flag `--storage.tsdb.retention.size`.",
        derived: "no limit",
    }),
    dataVolume: dataVolume("the samples"),
    mounts,
    scrapeJob: ownScrapeJob,
    web: webSchema,
    ...flagKeys,
    startTimeout: startTimeout.describe(
        "How long a new container may take to become ready, from `1s` to `1h`; replaying a large write-ahead log takes minutes.",
    ),
})
    .prefault({})
    .describe("Prometheus itself.");

export type PrometheusSettings = z.output<typeof prometheusSchema>;
