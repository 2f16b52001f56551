import type { z } from "zod";
import { ownScrapeJob } from "../../config/schema/scrapeJob";
import {
    bindAddress,
    duration,
    image,
    listOf,
    memory,
    object,
    publishedPort,
    startTimeout,
    text,
    toggle,
    webUrl,
} from "../../config/schema/values";
import { webSchema } from "../../config/schema/web";
import { receiverName, receiversSchema } from "./receivers";
import { smtp } from "./receivers/mail";
import { groupBy, inhibitRuleSchema, routesSchema, wait } from "./routes";
import { timeIntervalSchema } from "./timeIntervals";
import { upstreamAlertmanager } from "./upstream";

export const standardImage = "prom/alertmanager:v0.34.1";

/**
 * Whom Alertmanager tells what, as it is declared: receivers and routes in camelCase, with secret values in place of file
 * names.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/
 */

export const alertmanagerSchema = object(
    {
        enabled: toggle.prefault("false").describe("Run Alertmanager, so that alerts reach people."),
        image: image(standardImage).describe("Alertmanager's image: 0.26 or newer, for webhooks."),
        port: publishedPort(9093),
        bindAddress: bindAddress.describe(
            "Address of the Docker host that the port is published on. Without `web` Alertmanager has no login: keep it private.",
        ),
        memoryLimit: memory("256MB"),
        startTimeout,
        externalUrl: webUrl('one, such as "https://alerts.example.com"').optional().meta({
            description: "Where people find Alertmanager: the messages link to it.",
            derived:
                "below the door where there is one, else `http://<bindAddress>:<port>`; for `0.0.0.0` the host of `dockerHost`, or `127.0.0.1`",
        }),
        web: webSchema,
        scrapeJob: ownScrapeJob,
        receivers: receiversSchema,
        routes: routesSchema,
        watchdogReceiver: receiverName.optional().meta({
            description:
                "The receiver of the Watchdog, an alert that always fires: it raises the alarm when it hears nothing any more.",
            derived: "nobody",
        }),
        groupBy: groupBy
            .default(["alertname", "job"])
            .describe("The labels whose values a message has in common; `...` stands for all."),
        groupWait: wait
            .prefault("30s")
            .describe("How long to wait for more alerts of a group before the first message."),
        groupInterval: duration
            .prefault("5m")
            .describe("How long until a message about new alerts of a group that was already sent."),
        repeatInterval: duration.prefault("4h").describe("How long until an alert that still fires is sent again."),
        inhibitWarnings: toggle.default(true).describe("Tell of no warning while the same alert is critical."),
        inhibitRules: listOf(inhibitRuleSchema, "a list").default([]).describe("Which alerts silence others."),
        timeIntervals: listOf(timeIntervalSchema, "a list")
            .default([])
            .describe("Times in which routes are silent, or speak."),
        templates: listOf(
            text(/\S/, "a file", 'its path from the project\'s folder, such as "alerts/slack.tmpl"'),
            "a list",
        )
            .default([])
            .describe("Files with templates for texts of messages, by their paths from the project's folder."),
        smtp,
        resolveTimeout: duration.optional().meta({
            description: "When an alert counts as over that says no end. Prometheus' own say theirs.",
            derived: "`5m`",
        }),
    },
    { upstream: upstreamAlertmanager },
)
    .prefault({})
    .describe("Whom alerts reach.");

export type AlertmanagerSettings = z.output<typeof alertmanagerSchema>;
