import type { Job } from "../../config/render/job";
import { publishedJob } from "../../config/render/job";
import type { DeclaredProbe } from "../../config/schema/probe";
import { instanceOf } from "../../config/schema/probe";
import type { ProbeThresholds } from "../../config/schema/profiles";
import { formatDuration } from "../../config/schema/units";
import { asked } from "./modules";

/** The job of the probes that have no interval of their own. */
export const jobName = "probe";

/** Those of others have jobs of their own: their alerts look back over scrapes of theirs. */
export const jobNameOf = ({ scrapeInterval }: { readonly scrapeInterval?: number | undefined }) =>
    scrapeInterval === undefined ? jobName : `${jobName}_${formatDuration(scrapeInterval)}`;

/**
 * The jobs of the probes, in the order in which the first of each is declared.
 * Source of the rules: https://github.com/prometheus/blackbox_exporter#prometheus-configuration
 * @param address host:port of the exporter
 */
export function probeJobs(probes: readonly DeclaredProbe[], probe: ProbeThresholds, address: string): Job[] {
    const names = [...new Set(probes.map(jobNameOf))];
    return names.map((name) => {
        const own = probes.filter((each) => jobNameOf(each) === name);
        return {
            ...publishedJob(name, address, { probe }),
            metricsPath: "/probe",
            scrapeInterval: own[0]?.scrapeInterval,
            staticConfigs: own.map((each) => ({
                targets: [asked(each).target],
                labels: { ...each.labels, __param_module: asked(each).module, instance: instanceOf(each) },
            })),
            relabelConfigs: [
                { sourceLabels: ["__address__"], targetLabel: "__param_target" },
                { targetLabel: "__address__", replacement: address },
            ],
        };
    });
}
