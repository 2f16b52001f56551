import type { StackConfig } from "../../schema/stack";
import type { DashboardSettings } from "../dashboards";
import { dashboardsOf, uidPrefix } from "../dashboards";
import type { Files } from "../files";
import type { Job } from "../job";
import { queryLookback } from "../rules/series";
import type { Look } from "./html";
import { html, redirect } from "./html";
import { library, template } from "./template";

/** Folder of the pages in a release, and of what they have in common: the flags `--web.console.*` name it. */
export const consolesFolder = "consoles";

/** The page that people begin with. */
const firstPage = "overview.html";

/** Its address. @param prometheus the address of the Prometheus that serves it */
export const consoleUrl = (prometheus: string) => `${prometheus.replace(/\/+$/, "")}/${consolesFolder}/${firstPage}`;

/**
 * Draws every dashboard as a page of its own, which asks the Prometheus that serves it. No page depends on targets, and equal
 * input gives equal bytes.
 */
export function renderConsoles(
    { stack, ...settings }: DashboardSettings & Pick<StackConfig, "stack">,
    jobs: readonly Job[],
    look: Look,
): Files {
    const dashboards = dashboardsOf(settings, jobs);
    const pages = dashboards.map(({ uid, title }) => ({ uid, title, file: fileOf(uid) }));
    const lookback = queryLookback(settings, jobs);
    const shared = { script: look.script, style: look.style };
    const files = {
        // Prometheus' own UI links to a page of this name.
        "index.html": template(redirect(firstPage)),
        "look.lib": library(shared),
        ...Object.fromEntries(
            dashboards.map((dashboard) => [
                fileOf(dashboard.uid),
                template(html({ stack, dashboard, pages, lookback }, look), shared),
            ]),
        ),
    };
    return Object.fromEntries(Object.entries(files).map(([file, text]) => [`${consolesFolder}/${file}`, text]));
}

const fileOf = (uid: string) => `${uid.slice(uidPrefix.length)}.html`;
