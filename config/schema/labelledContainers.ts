import type { z } from "zod";
import { cloudDiscoveries, hostDiscoveries } from "./discovery";
import { httpClientPlaces } from "./httpClient";
import { scrapeJobSchema } from "./scrapeJob";
import { upstreamJob } from "./upstream";
import { object, text, toggle } from "./values";

/** The containers that say themselves that they are scraped: a job whose targets are found by their labels. */

/** What says which targets a job has. */
const found = ["jobName", "staticConfigs", ...Object.keys(hostDiscoveries), ...Object.keys(cloudDiscoveries)];

const ofTheJob = Object.fromEntries(
    Object.entries(scrapeJobSchema.shape).filter(([key]) => !found.includes(key)),
) as unknown as Omit<
    typeof scrapeJobSchema.shape,
    "jobName" | "staticConfigs" | keyof typeof hostDiscoveries | keyof typeof cloudDiscoveries
>;

export const labelledContainersSchema = object(
    {
        enabled: toggle
            .prefault("false")
            .describe('Scrape every container of the Docker host that has the label `prometheus.scrape: "true"`.'),
        labelPrefix: text(
            /^[a-zA-Z0-9][\w./-]*[./-]$/,
            "what labels begin with, its last letter one of . / -",
            'it, such as "prometheus.io/"',
        )
            .default("prometheus.")
            .describe(
                "What the labels begin with that are read of a container: `scrape`, and `port`, `path`, `scheme` and `job` where they are not those of the job.",
            ),
        ...ofTheJob,
    },
    {
        places: {
            labels: 'relabelConfigs: [{targetLabel: "team", replacement: "shop"}]',
            ...httpClientPlaces,
        },
        upstream: upstreamJob,
    },
)
    .meta({ id: "labelledContainers" })
    .prefault({})
    .describe(
        "The containers that say themselves, by their labels, that they are scraped: the job `labelled_containers`.",
    );

export type LabelledContainers = z.output<typeof labelledContainersSchema>;

export const labelledJobName = "labelled_containers";
