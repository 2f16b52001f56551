import { z } from "zod";
import { expectedStructure } from "../../config/schema/problems";
import {
    bindAddress,
    dataVolume,
    image,
    memory,
    object,
    password,
    publishedPort,
    startTimeout,
    text,
    toggle,
    webUrl,
} from "../../config/schema/values";

export const standardImage = "grafana/grafana:13.1.3";

export const grafanaSchema = object({
    enabled: toggle.prefault("true").describe("Run Grafana, with a data source and dashboards."),
    image: image(standardImage),
    port: publishedPort(3000),
    bindAddress,
    memoryLimit: memory("512MB"),
    startTimeout,
    externalUrl: webUrl('one, such as "https://grafana.example.com"').optional().meta({
        description:
            "Where people find Grafana: its links lead there. A proxy that has it below a path takes the path away. Grafana's `root_url`.",
        derived: "below the door where there is one, else none",
    }),
    dataVolume: dataVolume("Grafana's database"),
    adminPassword: password.optional().meta({
        description: "Password of the user `admin`, of at least 12 characters.",
        derived: "generated once, and kept encrypted in the state",
    }),
    dashboardFiles: z
        .array(text(/\.json$/, "the path of a JSON file", 'one, such as "dashboards/shop.json"'), {
            error: expectedStructure("a list", 'a list of paths, such as ["dashboards/shop.json"]'),
        })
        .default([])
        .describe(
            "Dashboards of your own in the repository: paths of files with Grafana's classic JSON, from the project's folder.",
        ),
})
    .prefault({})
    .describe("Grafana.");

export type GrafanaSettings = z.output<typeof grafanaSchema>;
