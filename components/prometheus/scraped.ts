import { parse } from "yaml";
import { dockerSync } from "../../toolchain/docker";
import { configMountPath } from "../../config/render/paths";
import { parseDuration } from "../../config/schema/units";
import { emptyJobs, targetsMetric } from "./emptyJobs";
import { ask } from "./live";
import type { Labelled, Probes } from "./probed";
import { probed, probesQuery } from "./probed";

/** A target as Prometheus' API shows it, as far as it is asked. */
export interface ScrapedTarget {
    readonly scrapePool: string;
    readonly scrapeUrl: string;
    readonly health: "up" | "down" | "unknown";
    readonly lastError: string;
}

/** One that may not have been scraped yet. */
export interface AwaitedTarget extends ScrapedTarget {
    /** Prometheus' durations, e.g. "15s"; relabeling may have written them. */
    readonly scrapeInterval: string;
    readonly scrapeTimeout: string;
}

interface Answers {
    readonly "status/runtimeinfo": { readonly lastConfigTime: string };
    readonly "targets?state=active": {
        readonly activeTargets: readonly (Labelled<AwaitedTarget> & { readonly lastScrape: string })[];
    };
    readonly [probesQuery]: { readonly result: Probes };
}

/** Prometheus tells the time of a reload in whole seconds. */
const second = 1000;

/** What Prometheus scrapes, and the jobs that have no target. */
export interface Scraped {
    readonly targets: readonly AwaitedTarget[];
    readonly empty: readonly string[];
}

/** Which jobs have no target. */
const empty = `^${targetsMetric}[{].*[}] 0$`;

/**
 * What Prometheus scrapes. It keeps the health of a target over a reload: where the job was changed, what was scraped before
 * counts for nothing.
 * @param jobs those that the last activation changed
 */
export function scrapedTargets(container: string, jobs: ReadonlySet<string>): Scraped {
    const questions = ["status/runtimeinfo", "targets?state=active", probesQuery] as const;
    const answers: Answers & { readonly rest: readonly string[] } = ask(container, questions, empty);
    const loaded = Date.parse(answers["status/runtimeinfo"].lastConfigTime) + second;
    const targets = answers["targets?state=active"].activeTargets.map(({ lastScrape, ...target }) => ({
        ...target,
        health: jobs.has(target.scrapePool) && Date.parse(lastScrape) < loaded ? "unknown" : target.health,
    }));
    return { targets: probed(targets, answers[probesQuery].result), empty: emptyJobs(answers.rest.join("\n")) };
}

/**
 * How long a new target may take until its first scrape is over, in milliseconds: Prometheus spreads first scrapes over the
 * interval. Source: https://github.com/prometheus/prometheus/blob/main/scrape/target.go (`offset`)
 */
export const firstScrape = ({ scrapeInterval, scrapeTimeout }: AwaitedTarget): number =>
    (parseDuration(scrapeInterval) ?? 0) + (parseDuration(scrapeTimeout) ?? 0);

/** Prints what Prometheus ran with before the last activation, and since. */
const script = `
    cd "$0" && for release in $(tail -n 2 history | cut -d ' ' -f 2); do
        cat "releases/$release/prometheus.yml" 2> /dev/null && echo @end || true
    done`;

/** The jobs that the last activation changed; none where it was the first: all of its targets are new. */
export function changedJobs(container: string): ReadonlySet<string> {
    const said = dockerSync(["exec", container, "sh", "-c", script, configMountPath]);
    const [before, after] = said.split("@end\n").filter(Boolean).map(scrapeConfigs);
    const names = [...(before ?? []), ...(after ?? [])].map(([name]) => name);
    return new Set(names.filter((name) => before?.get(name) !== after?.get(name) && after !== undefined));
}

/** What each job's configuration is, as one text. */
function scrapeConfigs(text: string): Map<string, string> {
    const { scrape_configs } = parse(text) as { scrape_configs: { job_name: string }[] };
    return new Map(scrape_configs.map((config) => [config.job_name, JSON.stringify(config)]));
}
