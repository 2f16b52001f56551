import * as docker from "@pulumi/docker";
import { Grafana } from "./components/grafana";
import { Network } from "./components/network";
import { NodeExporter } from "./components/nodeExporter";
import { Prometheus } from "./components/prometheus";
import { WebBe } from "./components/webBe";
import { loadConfig } from "./config";
import { renderGrafanaFiles } from "./config/grafana";
import { renderPrometheusFiles, secretFilesOf } from "./config/prometheus";

// The SDK takes a stack trace with every promise that it makes. Mapped to lines of TypeScript they are a tenth of a preview's
// time, and of use only to who looks for a promise that never ends: https://github.com/pulumi/pulumi, runtime/debuggable.ts
if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
    Error.stackTraceLimit = 0;
}

const config = loadConfig();
const { stack, dockerHost, retainData } = config;
const provider = new docker.Provider("docker-host", { host: dockerHost });
const opts = { provider };

const network = new Network("network", { stack, ...config.network }, opts);
const nodeExporter =
    config.nodeExporter && new NodeExporter("node-exporter", { stack, network, ...config.nodeExporter }, opts);
const webBe = config.webBe && new WebBe("web-be", { stack, dockerHost, network, ...config.webBe }, opts);

// Published by a component, or declared in the stack file: Prometheus sees no difference.
const jobs = [Prometheus, nodeExporter, webBe]
    .flatMap((component) => component?.scrapeJob ?? [])
    .concat(config.scrapeJobs);

const prometheus = new Prometheus(
    "prometheus",
    {
        ...{ stack, dockerHost, retainData, network, ...config.prometheus },
        joinNetworks: config.network.join,
        files: renderPrometheusFiles(config, jobs),
        secretFiles: secretFilesOf(jobs),
    },
    opts,
);
const grafana =
    config.grafana &&
    new Grafana(
        "grafana",
        {
            ...{ stack, dockerHost, retainData, network, ...config.grafana },
            files: renderGrafanaFiles({ prometheusUrl: prometheus.internalUrl, scrapeInterval: config.scrapeInterval }),
        },
        opts,
    );

const outputs = {
    prometheusUrl: prometheus.url,
    ...(grafana && { grafanaUrl: grafana.url, grafanaAdminPassword: grafana.adminPassword }),
    scrapeJobs: jobs.map(({ jobName, staticConfigs }) => ({
        jobName,
        targets: staticConfigs.flatMap(({ targets }) => targets),
    })),
};
export = outputs;
