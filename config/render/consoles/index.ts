import type { DashboardSettings } from "../dashboards";
import { dashboardsOf, uidPrefix } from "../dashboards";
import type { Files } from "../files";
import type { Job } from "../job";
import { queryLookback } from "../rules/series";
import type { Look } from "./html";
import { html, redirect } from "./html";
import { template } from "./template";

/** Folder of the pages in a release: what the flag `--web.console.templates` names. */
export const consolesFolder = "consoles";

/** The page that people begin with. */
export const firstPage = "overview.html";

/**
 * Draws every dashboard as a page of its own, which asks the Prometheus that serves it. No page depends on targets, and equal
 * input gives equal bytes.
 */
export function renderConsoles(settings: DashboardSettings, jobs: readonly Job[], look: Look): Files {
    const dashboards = dashboardsOf(settings, jobs);
    const pages = dashboards.map(({ uid, title }) => ({ uid, title, file: `${uid.slice(uidPrefix.length)}.html` }));
    const lookback = queryLookback(settings, jobs);
    const files = dashboards.map((dashboard, i) => [pages[i]?.file, html({ dashboard, pages, lookback }, look)]);
    return Object.fromEntries(
        // Prometheus' own UI links to a page of this name.
        [["index.html", redirect(firstPage)], ...files].map(([file, text = ""]) => [
            `${consolesFolder}/${file}`,
            template(text),
        ]),
    );
}
