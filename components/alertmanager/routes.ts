import { z } from "zod";
import { labelName, labels } from "../../config/schema/labels";
import { expected } from "../../config/schema/problems";
import { duration, listOf, object, oneOf, text, toggle } from "../../config/schema/values";
import type { Matcher } from "./matcher";
import { matcherSchema } from "./matcher";
import { receiverName } from "./receivers";
import { upstreamRoute } from "./upstream";

/**
 * Which alerts go where, and which silence others.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#route-related-settings
 */

/** Alerts for a receiver. All that is named has to match. Times in milliseconds. */
export interface Route {
    readonly receiver?: string | undefined;
    readonly severities: readonly string[];
    readonly labels: Readonly<Record<string, string>>;
    readonly matchers: readonly Matcher[];
    readonly groupBy?: readonly string[] | undefined;
    readonly groupWait?: number | undefined;
    readonly groupInterval?: number | undefined;
    readonly repeatInterval?: number | undefined;
    readonly muteTimeIntervals?: readonly string[] | undefined;
    readonly activeTimeIntervals?: readonly string[] | undefined;
    readonly continue: boolean;
    readonly routes: readonly Route[];
}

const list = <Item extends z.ZodType>(item: Item, example: string) => listOf(item, `a list, such as ${example}`);

const matchers = list(matcherSchema, '["team=~\\"shop|web\\""]');

export const groupBy = list(
    text(
        new RegExp(`${labelName.source}|^\\.\\.\\.$`),
        "a label's name",
        'one, such as "job", or "..." for all labels',
    ),
    '["alertname", "job"]',
);

/** How long to wait: not at all, too. */
export const wait = z.union([z.literal("0s").transform(() => 0), duration], {
    error: expected("a duration", 'a number with a unit, such as "15s", or "0s"'),
});

const names = list(text(/\S/, "the name of a time interval", "one of timeIntervals"), '["nights"]').optional();

const routesExample = "a list of routes, each with a receiver";

const asAbove = "as of the route that it is in";

const routeSchema: z.ZodType<Route> = object(
    {
        receiver: receiverName.optional().meta({ description: "The name of a receiver.", derived: asAbove }),
        severities: list(oneOf(["critical", "warning", "info"]), '["critical"]')
            .default([])
            .meta({ description: "Which severities the alerts have to have.", derived: "all" }),
        labels: labels.default({}).describe("Labels that an alert has to have, with these values."),
        matchers: matchers
            .default([])
            .describe('What else has to be, as `label="value"`, with `!=`, `=~` and `!~` too.'),
        groupBy: groupBy
            .optional()
            .meta({ description: "The labels whose values a message has in common.", derived: asAbove }),
        groupWait: wait
            .optional()
            .meta({ description: "How long to wait for more alerts of a group.", derived: asAbove }),
        groupInterval: duration
            .optional()
            .meta({ description: "How long until a message about new alerts of a group.", derived: asAbove }),
        repeatInterval: duration.optional().meta({
            description: "How long until an alert that still fires is sent again.",
            derived: asAbove,
        }),
        muteTimeIntervals: names.describe("When the route is silent, by names of `timeIntervals`."),
        activeTimeIntervals: names.describe("When the route speaks, by names of `timeIntervals`."),
        continue: toggle
            .default(false)
            .describe("Go on to the routes after this one, so that several receivers hear of an alert."),
        get routes(): z.ZodType<readonly Route[]> {
            return listOf(routeSchema, routesExample).default([]).describe("Routes within, for some of these alerts.");
        },
    },
    {
        places: { match: "labels: {...}", matchRe: 'matchers, such as ["team=~\\"shop|web\\""]' },
        upstream: upstreamRoute,
    },
).meta({ id: "route" });

export const routesSchema = listOf(routeSchema, routesExample)
    .default([])
    .describe("Which alerts are for other receivers than the first.");

/** Source: https://prometheus.io/docs/alerting/latest/configuration/#inhibit_rule */
export const inhibitRuleSchema = object(
    {
        name: text(/\S/, "a name", 'one, such as "site-down"').optional().describe("What it is called."),
        sourceMatchers: matchers.describe("The alerts that silence others."),
        targetMatchers: matchers.describe("The alerts that are silenced."),
        equal: list(z.string(), '["job"]').default([]).describe("The labels that have the same value in both."),
    },
    {
        places: {
            ...Object.fromEntries(
                ["source", "target"].flatMap((side) => [
                    [`${side}Match`, `${side}Matchers, such as ["team=\\"shop\\""]`],
                    [`${side}MatchRe`, `${side}Matchers, such as ["team=~\\"shop|web\\""]`],
                ]),
            ),
        },
    },
).meta({ id: "inhibitRule", title: "Inhibition" });

export type InhibitRule = z.output<typeof inhibitRuleSchema>;
