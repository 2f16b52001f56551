import type { DashboardSettings } from "./dashboard";
import { exactly } from "./dashboard";
import { isAddress } from "./limits";
import type { Column } from "./panels";

/** How a table of alerts leads to where it is written what to do. */
export interface Runbooks {
    /** Where the name of an alert leads. @default nowhere */
    readonly ofAlert?: NonNullable<Column["link"]>;
    /** The column that leads there in its place. @default none */
    readonly column?: Readonly<Record<string, Column>>;
    /** The alerts that a query gives, with the addresses that the columns need. */
    readonly added: (alerts: string) => string;
}

const title = "Open the runbook";

/**
 * The runbooks of the jobs' alerts have the alerts' names. An alert of somebody's own has the one that it says itself, or none: the
 * metric ALERTS has no annotations, so that a label is made of it.
 */
export function runbooksOf({ alerts: { runbookUrl }, ownAlerts = [] }: DashboardSettings): Runbooks {
    if (ownAlerts.length === 0) {
        return {
            ...(isAddress(runbookUrl) && { ofAlert: { title, pagesIn: runbookUrl } }),
            added: (alerts) => alerts,
        };
    }
    const own = ownAlerts.map(({ alert, runbookUrl: url = "" }) => ({ alert, url: isAddress(url) ? url : "" }));
    const rules = [
        ...(isAddress(runbookUrl) ? [{ url: `${literal(runbookUrl)}/$1.md`, names: "(.+)" }] : []),
        ...[...new Set(own.map(({ url }) => url))].map((url) => ({
            url: literal(url),
            names: own.flatMap((each) => (each.url === url ? [exactly(each.alert)] : [])).join("|"),
        })),
    ];
    return rules.every(({ url }) => url === "")
        ? { added: (alerts) => alerts }
        : {
              column: { runbook: { title: "Runbook", link: { title, isAddress: true } } },
              added: (alerts) =>
                  rules.reduce(
                      (inner, { url, names }) =>
                          `label_replace(${inner}, "runbook", ${JSON.stringify(url)}, "alertname", ${JSON.stringify(names)})`,
                      alerts,
                  ),
          };
}

/** Text that is no template to label_replace: https://prometheus.io/docs/prometheus/latest/querying/functions/#label_replace */
const literal = (text: string) => text.replaceAll("$", "$$$$");
