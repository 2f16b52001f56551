/** The result of each probe, as Prometheus' API shows it. */
export type Probes = readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly value: readonly [number, string];
}[];

/** `last_over_time(probe_success[3h])` as a path of the API: a probe may be asked for seldom. */
export const probesQuery = "query?query=last_over_time(probe_success%5B3h%5D)";

/** What is known of a target by its scrapes. */
interface Scraped {
    readonly scrapeUrl: string;
    readonly health: "up" | "down" | "unknown";
    readonly lastError: string;
}

/** A target with the labels that tell whose result is its own. */
export type Labelled<Target> = Target & { readonly labels?: Readonly<Record<string, string>> };

/**
 * What is scraped of a probe is the exporter: its result says how the target is, and its instance is what is probed.
 * Source: https://prometheus.io/docs/guides/multi-target-exporter/
 */
export function probed<Target extends Scraped>(targets: readonly Labelled<Target>[], probes: Probes): Target[] {
    const key = (labels: Readonly<Record<string, string>> = {}) => JSON.stringify([labels.job, labels.instance]);
    const results = new Map(probes.map(({ metric, value }) => [key(metric), value[1]]));
    return targets.map(({ labels, ...rest }) => {
        const target = rest as unknown as Target;
        const result = results.get(key(labels));
        if (result === undefined) {
            return target;
        }
        const fails = target.health === "up" && result === "0";
        return {
            ...target,
            scrapeUrl: labels?.instance ?? target.scrapeUrl,
            ...(fails && { health: "down", lastError: "the probe fails (docs/runbooks/ProbeFailing.md)" }),
        };
    });
}
