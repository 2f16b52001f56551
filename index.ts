import { Alertmanager } from "./components/alertmanager/resources";
import { dockerProvider } from "./components/dockerHost";
import { Grafana } from "./components/grafana/resources";
import { Network } from "./components/network";
import { NodeExporter } from "./components/nodeExporter/resources";
import type { Generations } from "./components/observation";
import { preflight } from "./components/preflight";
import { Prometheus } from "./components/prometheus/resources";
import { Protection } from "./components/protection";
import { WebBe } from "./components/webBe/resources";
import { checksHost, dockerEndpoint, loadConfig } from "./config";
import { receiverSecrets, renderAlertmanagerFiles } from "./components/alertmanager/files";
import { renderGrafanaFiles } from "./components/grafana/files";
import { alertmanagersOf, jobsOf, prometheusUrl } from "./config/ownJobs";
import { renderPrometheusFiles, secretFilesOf } from "./components/prometheus/files";

// The SDK takes a stack trace with every promise that it makes. Mapped to lines of TypeScript they are a tenth of a preview's
// time, and of use only to who looks for a promise that never ends: https://github.com/pulumi/pulumi, runtime/debuggable.ts
if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
    Error.stackTraceLimit = 0;
}

/** The stack: reads the declaration, checks all of it, and only then declares resources. Returns the stack's outputs. */
export = async () => {
    const config = loadConfig();
    const { stack, dockerHost, retainData, protect } = config;

    const jobs = jobsOf(config);
    const alertmanagers = alertmanagersOf(config);
    const generations: Generations = checksHost() ? await preflight(config, jobs, alertmanagers) : {};

    const opts = { provider: dockerProvider(dockerEndpoint(dockerHost)) };
    const network = new Network("network", { stack, ...config.network }, opts);
    const nodeExporter =
        config.nodeExporter &&
        new NodeExporter("node-exporter", { stack, dockerHost, network, ...config.nodeExporter }, opts);
    const webBe = config.webBe && new WebBe("web-be", { stack, dockerHost, network, ...config.webBe }, opts);
    const prometheus = new Prometheus(
        "prometheus",
        {
            ...{ stack, dockerHost, retainData, protect, network, ...config.prometheus },
            joinNetworks: config.network.join,
            files: renderPrometheusFiles(config, jobs, alertmanagers),
            secretFiles: secretFilesOf(jobs),
            generation: generations.prometheus,
        },
        opts,
    );
    const alertmanager =
        config.alertmanager &&
        new Alertmanager(
            "alertmanager",
            {
                ...{ stack, dockerHost, retainData, protect, network, ...config.alertmanager },
                files: renderAlertmanagerFiles(config.alertmanager),
                secretFiles: receiverSecrets(config.alertmanager.receivers),
                generation: generations.alertmanager,
            },
            opts,
        );
    const grafana =
        config.grafana &&
        new Grafana(
            "grafana",
            {
                ...{ stack, dockerHost, retainData, protect, network, prometheus, ...config.grafana },
                files: renderGrafanaFiles(
                    { ...config, ownDashboards: config.grafana.ownDashboards, prometheusUrl: prometheusUrl(stack) },
                    jobs,
                ),
                generation: generations.grafana,
            },
            opts,
        );

    const parts = [network, nodeExporter, webBe, prometheus, alertmanager, grafana];
    new Protection(
        "protection",
        parts.flatMap((part) => part ?? []),
        protect,
    );

    return {
        prometheusUrl: prometheus.url,
        ...(alertmanager && { alertmanagerUrl: alertmanager.url }),
        ...(grafana && { grafanaUrl: grafana.url, grafanaAdminPassword: grafana.adminPassword }),
        scrapeJobs: jobs.map(({ jobName, staticConfigs }) => ({
            jobName,
            targets: staticConfigs.flatMap(({ targets }) => targets),
        })),
    };
};
