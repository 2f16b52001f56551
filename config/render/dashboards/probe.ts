import * as units from "@grafana/grafana-foundation-sdk/units";
import type { ScrapeJob } from "../../schema/scrapeJob";
import { certificateEnd, probeFailing } from "../rules/probe";
import type { Dashboard, DashboardSettings, Lines } from "./dashboard";
import { chosen, dashboard, targetVariables } from "./dashboard";
import { limitsOf, watchedBy } from "./limits";
import type { Limit } from "./limits";
import { graph, stat, table } from "./panels";

export const probeUid = "metrics-stack-probes";
export const probeTitle = "Probes";

type Limits = Readonly<Record<"failing" | "slow" | "certificate", Limit | undefined>>;

const of = (metric: string) => `${metric}{${chosen}}`;
const validFor = `${certificateEnd(of)} - time()`;
const legend = "{{instance}}";

/** What blackbox_exporter probes from outside: whether it answers, how fast, and how long its certificate lasts. */
export function probeDashboard(settings: DashboardSettings, jobs: readonly ScrapeJob[]): Dashboard {
    const limit = limitsOf(settings, jobs);
    const limits: Limits = {
        failing: watchedBy(settings, probeFailing),
        slow: limit({ alert: "ProbeSlow", unit: units.Seconds }),
        certificate: limit({ alert: "ProbeCertificateEnding", unit: units.Seconds }),
    };
    return dashboard(settings, {
        uid: probeUid,
        title: probeTitle,
        description:
            "What is probed from outside: whether it answers, how fast, and how long its certificate is valid.",
        variables: targetVariables(jobs),
        jobs,
        sections: { Now: now(limits), "Each target": eachTarget(limits), Certificates: certificates(limits) },
    });
}

function now({ failing, certificate }: Limits): Lines {
    const states = { 0: { text: "fails", color: "red" }, 1: { text: "answers", color: "green" } };
    return [
        [
            stat({
                title: "Probes that succeed",
                description: "What answered as it should when it was asked last.",
                unit: units.Short,
                queries: [{ expr: `sum(${of("probe_success")})` }],
            }),
            stat({
                title: "Probes that fail",
                description: "What did not answer as it should when it was asked last.",
                unit: units.Short,
                queries: [{ expr: `sum(1 - ${of("probe_success")})` }],
                steps: [
                    { value: null, color: "green" },
                    { value: 1, color: "red" },
                ],
                limit: failing,
            }),
            stat({
                title: "First certificate to end",
                description: "How long the certificate is valid that ends first.",
                empty: "No certificates",
                unit: units.Seconds,
                queries: [{ expr: `min(${validFor})` }],
                steps: certificate?.steps,
            }),
        ],
        [
            stat({
                title: "Result",
                description: "Whether each target answered as it should when it was asked last.",
                unit: units.Short,
                queries: [{ expr: of("probe_success"), legend }],
                words: states,
                steps: [
                    { value: null, color: "red" },
                    { value: 1, color: "green" },
                ],
            }),
        ],
    ];
}

function eachTarget({ failing, slow }: Limits): Lines {
    return [
        [
            graph({
                title: "Success",
                description: "Share of the probes that succeeded.",
                unit: units.PercentUnit,
                max: 1,
                queries: [{ expr: `avg_over_time(${of("probe_success")}[$__rate_interval])`, legend }],
                limit: failing,
            }),
            graph({
                title: "Duration",
                description:
                    "How long a probe takes, all of its phases together. One that fails takes as long as it may.",
                unit: units.Seconds,
                queries: [{ expr: `avg_over_time(${of("probe_duration_seconds")}[$__rate_interval])`, legend }],
                limit: slow,
            }),
        ],
        [
            graph({
                title: "Duration of HTTP by phase",
                description:
                    "Where the time of the probes of websites goes, of all chosen ones on average: resolve is the name, connect and tls are the connection, processing is the server, transfer is the answer on its way.",
                empty: "No websites",
                unit: units.Seconds,
                stacked: true,
                queries: [{ expr: `avg by(phase) (${of("probe_http_duration_seconds")})`, legend: "{{phase}}" }],
            }),
            table({
                title: "Availability",
                description: "Share of the probes in the chosen time that succeeded, and the last HTTP status.",
                labels: { job: { title: "Job" }, instance: { title: "Target" } },
                queries: [
                    {
                        title: "Succeeded",
                        unit: units.PercentUnit,
                        expr: `avg by(job, instance) (avg_over_time(${of("probe_success")}[$__range]))`,
                    },
                    { title: "HTTP status", expr: `max by(job, instance) (${of("probe_http_status_code")})` },
                ],
                empty: "Nothing was probed yet.",
            }),
        ],
    ];
}

const certificates = ({ certificate }: Limits): Lines => [
    [
        graph({
            title: "Certificates",
            description: "How long each certificate is still valid.",
            empty: "No certificates",
            unit: units.Seconds,
            queries: [{ expr: validFor, legend }],
            limit: certificate,
        }),
    ],
];
