import type { Job } from "../../config/render/job";
import type { LabelledContainers } from "../../config/schema/labelledContainers";
import { labelledJobName } from "../../config/schema/labelledContainers";

/** A container is scraped soon after it has started, and no longer than that after its end. */
const refreshInterval = "5s";

/**
 * The job of the containers that say themselves that they are scraped. One that is in several networks has an address in each, of
 * which Prometheus reaches those in its own.
 * Source of the labels: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#docker_sd_config
 * @param networks those that Prometheus is in
 */
export function labelledJob(
    { enabled: _, labelPrefix, relabelConfigs = [], ...job }: LabelledContainers,
    networks: readonly string[],
): Job {
    const label = (name: string) =>
        `__meta_docker_container_label_${`${labelPrefix}${name}`.replace(/[^a-zA-Z0-9_]/g, "_")}`;
    return {
        ...job,
        ...{ jobName: labelledJobName, staticConfigs: [] },
        dockerSdConfigs: [
            {
                filters: [{ name: "label", values: [`${labelPrefix}scrape=true`] }],
                ...{ matchFirstNetwork: false, refreshInterval },
            },
        ],
        relabelConfigs: [
            {
                sourceLabels: ["__meta_docker_network_name"],
                regex: networks.map((name) => name.replaceAll(".", "\\.")).join("|"),
                action: "keep",
            },
            {
                sourceLabels: ["__address__", label("port")],
                regex: "(.+):[0-9]+;([0-9]+)",
                ...{ targetLabel: "__address__", replacement: "$1:$2" },
            },
            {
                ...{ sourceLabels: [label("path")], regex: "/?(.+)" },
                ...{ targetLabel: "__metrics_path__", replacement: "/$1" },
            },
            { sourceLabels: [label("scheme")], regex: "(https?)", targetLabel: "__scheme__" },
            { sourceLabels: [label("job")], regex: "(.+)", targetLabel: "job" },
            // An address changes with every container, its name stays.
            {
                sourceLabels: ["__meta_docker_container_name", "__address__"],
                regex: "/(.+);.+:([0-9]+)",
                ...{ targetLabel: "instance", replacement: "$1:$2" },
            },
            // What tells the two apart of one that Prometheus shares two networks with.
            { sourceLabels: ["__meta_docker_network_name"], targetLabel: "network" },
            ...relabelConfigs,
        ],
    };
}
