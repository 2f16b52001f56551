import { prometheusJobName, publishedJob } from "../../config/render/job";
import { secretFilesOf } from "../../config/render/scrapeConfig";
import { dockerName } from "../dockerName";
import { definePart } from "../part";
import { configuration, containerPort, data } from "./container";
import { renderPrometheusFiles } from "./files";
import { memoryWarning } from "./memory";
import { prometheusSchema, standardImage } from "./settings";
import { prometheusProbe } from "./status";

export const prometheus = definePart({
    key: "prometheus",
    title: "Prometheus",
    role: "prometheus",
    settings: prometheusSchema,
    jobName: prometheusJobName,
    image: {
        standard: standardImage,
        program: "prometheus",
        packagesLackUi: true,
        fromPackages: async (reference) => (await import("./image")).importPrometheus(reference),
    },
    plan: ({ memoryLimit, retentionTime, retentionSize }, config) => ({
        publishes: {
            jobs: [
                publishedJob(prometheusJobName, `localhost:${containerPort}`, {
                    prometheus: { memoryLimit, retentionTime, retentionSize },
                }),
            ],
            dataSources: [`http://${dockerName(config.stack, "prometheus")}:${containerPort}`],
        },
        files: ({ jobs, alertmanagers }) => renderPrometheusFiles(config, jobs, alertmanagers),
        secretFiles: ({ jobs }) => secretFilesOf(jobs),
        warning: ({ jobs }) => memoryWarning(memoryLimit, jobs),
        placeOf(jobName) {
            const index = config.scrapeJobs.findIndex((job) => job.jobName === jobName);
            return index === -1 ? ["scrapeJobs"] : ["scrapeJobs", index];
        },
    }),
    configuration,
    data,
    probe: prometheusProbe,
    resources: () => import("./resources"),
});
