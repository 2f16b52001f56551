import { z } from "zod";
import { expectedStructure } from "../../config/schema/problems";
import {
    bindAddress,
    dataVolume,
    dictionary,
    image,
    listOf,
    memory,
    object,
    password,
    publishedPort,
    startTimeout,
    text,
    toggle,
    webUrl,
} from "../../config/schema/values";
import { dashboardSourceSchema, dataSourcesSchema } from "./dataSources";
import { settingsSchema } from "./ini";

export const standardImage = "grafana/grafana:13.1.3";

export const grafanaSchema = object({
    enabled: toggle.optional().meta({
        description: "Run Grafana, with a data source and dashboards.",
        derived: "`true`, but for an agent (`prometheus.mode`)",
    }),
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
    dashboardFolders: dictionary(
        text(/^[^\s/\p{Cc}](?:[^/\p{Cc}]{0,188}[^\s/\p{Cc}])?$/u, "a folder's title", 'text without /, such as "Shop"'),
        text(
            /^(?!\/)[^\p{Cc}]*[^/\p{Cc}]$/u,
            "the path of a folder",
            'one from the project\'s, such as "dashboards/shop"',
        ),
        'titles with folders of the repository, such as {Shop: "dashboards/shop"}',
    )
        .default({})
        .describe(
            "Folders in Grafana, each with the dashboards of a folder of the repository: all its files that end in `.json`.",
        ),
    dashboardSource: dashboardSourceSchema,
    dataSources: dataSourcesSchema,
    settings: settingsSchema
        .default({})
        .describe(
            "Grafana's own configuration: [sections with keys](https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/). Passwords, secrets, tokens and keys are stored encrypted, and delivered as files.",
        ),
    plugins: listOf(
        text(/^[a-z\d][\w-]*@\d[\w.+-]*$/, "a plugin with its version", 'one, such as "grafana-clock-panel@2.1.9"'),
        'a list, such as ["grafana-clock-panel@2.1.9"]',
    )
        .default([])
        .describe("Plugins of [Grafana's catalogue](https://grafana.com/grafana/plugins/), each with its version."),
})
    .prefault({})
    .describe("Grafana.");

export type GrafanaSettings = z.output<typeof grafanaSchema>;
