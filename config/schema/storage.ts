import type { z } from "zod";
import { upstreamStorage, upstreamTsdb } from "./upstream";
import { count, duration, object } from "./values";

/**
 * What Prometheus' own storage takes.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#storage
 */
export const storageSchema = object(
    {
        tsdb: object(
            {
                outOfOrderTimeWindow: duration.optional().meta({
                    description: "How late a sample may come, behind newer ones of its series.",
                    derived: "not at all",
                }),
            },
            { upstream: upstreamTsdb },
        )
            .prefault({})
            .describe("The database."),
        exemplars: object({
            maxExemplars: count.optional().meta({
                description: "How many exemplars are kept in memory; with the feature `exemplar-storage`.",
                derived: "`100000`",
            }),
        })
            .prefault({})
            .describe("Exemplars."),
    },
    { upstream: upstreamStorage },
)
    .prefault({})
    .describe("Prometheus' storage.");

export type Storage = z.output<typeof storageSchema>;
