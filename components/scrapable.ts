import type { ScrapeJob } from "../config/scrapeJob";

/** A component that exposes metrics says itself how to scrape them; Prometheus is handed the jobs and knows no exporter. */
export interface Scrapable {
    readonly scrapeJob: ScrapeJob;
}
