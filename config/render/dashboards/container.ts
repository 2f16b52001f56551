import * as units from "@grafana/grafana-foundation-sdk/units";
import { projectLabel } from "../../schema/profiles";
import type { ScrapeJob } from "../../schema/scrapeJob";
import type { Dashboard, DashboardSettings, Lines, Variable } from "./dashboard";
import { chosen as chosenTargets, dashboard, targetVariables } from "./dashboard";
import { limitsOf, watchedBy } from "./limits";
import { graph, stat, table } from "./panels";

export const containerUid = "metrics-stack-containers";
export const containerTitle = "Containers";

type LimitFor = ReturnType<typeof limitsOf>;

const chosen = `${chosenTargets}, ${projectLabel}=~"$${projectLabel}", name=~"$name"`;
const of = (metric: string) => `${metric}{${chosen}}`;
const rate = (metric: string) => `rate(${of(metric)}[$__rate_interval])`;

/** A container has one series of some metrics, and several of others. */
const by = "by(job, instance, name)";
const sum = (expr: string) => `sum ${by} (${expr})`;
const max = (expr: string) => `max ${by} (${expr})`;
const legend = "{{name}}";

/** One that may use as much as it wants has a limit of 0. */
const limitOf = `(${of("container_spec_memory_limit_bytes")} > 0)`;

/** The containers behind the jobs that declare `container`: what cAdvisor sees of them, under both versions of control groups. */
export function containerDashboard(settings: DashboardSettings, jobs: readonly ScrapeJob[]): Dashboard {
    const limit = limitsOf(settings, jobs);
    return dashboard(settings, {
        uid: containerUid,
        title: containerTitle,
        description: "CPU, memory, network and disks of each container, and which were started again or killed.",
        variables: variables(jobs),
        jobs,
        // As cAdvisor is set up here: where it is scraped more often, two samples of four are the same one.
        keptFor: 15_000,
        sections: {
            Now: now(settings),
            CPU: processors(limit),
            Memory: memory(settings, limit),
            Starts: starts(settings, limit),
            "Network and disks": networkAndDisks(),
            Pressure: pressure(),
        },
    });
}

const variables = (jobs: readonly ScrapeJob[]): Variable[] => [
    ...targetVariables(jobs),
    {
        ...{ name: projectLabel, title: "Compose project" },
        // Most containers may be of none.
        ...{ series: `container_last_seen{${chosenTargets}}`, all: ".*" },
    },
    {
        ...{ name: "name", title: "Container", all: ".+" },
        series: `container_last_seen{${chosenTargets}, ${projectLabel}=~"$${projectLabel}"}`,
    },
];

function now(settings: DashboardSettings): Lines {
    return [
        [
            stat({
                title: "Containers",
                description: "How many containers run.",
                unit: units.Short,
                queries: [{ expr: `count(${max(of("container_last_seen"))})` }],
            }),
            stat({
                title: "CPU",
                description: "How many cores the chosen containers keep busy together.",
                unit: units.Short,
                queries: [{ expr: `sum(${rate("container_cpu_usage_seconds_total")})` }],
            }),
            stat({
                title: "Memory",
                description: "What the chosen containers use together, without caches that they can give up.",
                unit: units.BytesIEC,
                queries: [{ expr: `sum(${of("container_memory_working_set_bytes")})` }],
            }),
            stat({
                title: "Killed for memory",
                description:
                    "How many processes the kernel killed in the chosen time because their container was full.",
                unit: units.Short,
                queries: [{ expr: `round(sum(increase(${of("container_oom_events_total")}[$__range])))` }],
                steps: [
                    { value: null, color: "green" },
                    { value: 1, color: "red" },
                ],
                limit: watchedBy(settings, "ContainerKilledForMemory"),
            }),
        ],
        [
            table({
                title: "Each container",
                description: "What each container uses now, and since when it runs.",
                labels: {
                    name: { title: "Container" },
                    [projectLabel]: { title: "Compose project" },
                    image: { title: "Image" },
                    instance: { title: "Host" },
                },
                queries: [
                    {
                        title: "Runs for",
                        unit: units.Seconds,
                        expr: each(`time() - ${of("container_start_time_seconds")}`),
                    },
                    { title: "Cores", unit: units.Short, expr: each(rate("container_cpu_usage_seconds_total"), "sum") },
                    { title: "Memory", unit: units.BytesIEC, expr: each(of("container_memory_working_set_bytes")) },
                    {
                        ...{ title: "Of its limit", unit: units.PercentUnit },
                        expr: each(`${of("container_memory_working_set_bytes")} / ${limitOf}`),
                    },
                ],
                empty: "No containers were seen yet.",
                height: 10,
            }),
        ],
    ];
}

const each = (expr: string, aggregation = "max") =>
    `${aggregation} by(job, instance, name, image, ${projectLabel}) (${expr})`;

const processors = (limit: LimitFor): Lines => [
    [
        graph({
            title: "CPU used",
            description: "How many cores each container keeps busy.",
            unit: units.Short,
            queries: [{ expr: sum(rate("container_cpu_usage_seconds_total")), legend }],
        }),
        graph({
            title: "CPU throttled",
            description:
                "In which share of the periods a container had used up what it may have of the CPU, and waited for the next one. Only containers with a limit have it.",
            empty: "No container has a limit of its CPU",
            unit: units.PercentUnit,
            max: 1,
            queries: [
                {
                    expr: `${sum(rate("container_cpu_cfs_throttled_periods_total"))} / ${sum(rate("container_cpu_cfs_periods_total"))}`,
                    legend,
                },
            ],
            limit: limit({ alert: "ContainerThrottled", unit: units.PercentUnit }),
        }),
    ],
];

const memory = (settings: DashboardSettings, limit: LimitFor): Lines => [
    [
        graph({
            title: "Memory used",
            description: "What each container uses, without caches that it can give up.",
            unit: units.BytesIEC,
            queries: [{ expr: max(of("container_memory_working_set_bytes")), legend }],
        }),
        graph({
            title: "Memory against its limit",
            description: "The share of what it may use. Only containers with a limit have it.",
            empty: "No container has a limit of its memory",
            unit: units.PercentUnit,
            max: 1,
            queries: [{ expr: max(`${of("container_memory_working_set_bytes")} / ${limitOf}`), legend }],
            limit: limit({ alert: "ContainerMemoryNearLimit", unit: units.PercentUnit }),
        }),
        graph({
            title: "Killed for memory",
            description: "How many processes of a container the kernel killed because the container was full.",
            unit: units.Short,
            queries: [
                { expr: `round(${sum(`increase(${of("container_oom_events_total")}[$__rate_interval])`)})`, legend },
            ],
            limit: watchedBy(settings, "ContainerKilledForMemory"),
        }),
    ],
];

const starts = (settings: DashboardSettings, limit: LimitFor): Lines => [
    [
        graph({
            title: "Started again in an hour",
            description: "How often each container was started again in the hour before.",
            unit: units.Short,
            queries: [{ expr: max(`changes(${of("container_start_time_seconds")}[1h])`), legend }],
            limit: limit({ alert: "ContainerRestarting", unit: units.Short }),
        }),
        graph({
            title: "Runs for",
            description: "Time since each container was started. A line that ends is a container that is gone.",
            unit: units.Seconds,
            queries: [{ expr: max(`time() - ${of("container_start_time_seconds")}`), legend }],
            limit: watchedBy(settings, "ContainerGone"),
        }),
    ],
];

const transfers = (title: string, description: string, metric: string) =>
    graph({ title, description, unit: units.BytesPerSecondIEC, queries: [{ expr: sum(rate(metric)), legend }] });

const networkAndDisks = (): Lines => [
    [
        transfers("Received", "What each container receives from networks.", "container_network_receive_bytes_total"),
        transfers("Sent", "What each container sends to networks.", "container_network_transmit_bytes_total"),
    ],
    [
        transfers(
            "Read",
            "What each container reads from disks; what comes from a cache is not in it.",
            "container_fs_reads_bytes_total",
        ),
        transfers("Written", "What each container writes to disks.", "container_fs_writes_bytes_total"),
    ],
];

const stalls = (title: string, description: string, metric: string) =>
    graph({
        title,
        description: `${description} (the kernel's pressure stall information).`,
        empty: "The kernel tells it with version 2 of control groups only",
        unit: units.PercentUnit,
        queries: [{ expr: max(rate(metric)), legend }],
    });

const pressure = (): Lines => [
    [
        stalls(
            "Waiting for the CPU",
            "Share of time in which some process of a container waited for a core",
            "container_pressure_cpu_waiting_seconds_total",
        ),
        stalls(
            "Standing still for memory",
            "Share of time in which all processes of a container waited for memory",
            "container_pressure_memory_stalled_seconds_total",
        ),
        stalls(
            "Standing still for disks",
            "Share of time in which all processes of a container waited for a disk",
            "container_pressure_io_stalled_seconds_total",
        ),
    ],
];
