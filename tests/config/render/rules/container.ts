import type { RuleCase } from "./case";
import { steps } from "./case";

const project = "container_label_com_docker_compose_project";
const target = { job: "docker", instance: "web-1" };
const labels = { ...target, name: "shop-api-1", [project]: "shop" };

/** A series of the container as cAdvisor shows it: a container that is made anew has another `id`. */
const series = (metric: string, id = "/docker/1", of = `name="shop-api-1", ${project}="shop", image="shop:1"`) =>
    `${metric}{job="docker", instance="web-1", id="${id}", ${of}}`;
const up = { 'up{job="docker", instance="web-1"}': "1x200" };
const warning = { job: "docker", severity: "warning" } as const;
const hour = 3600;

export const containerCases: RuleCase[] = [
    {
        ...{ ...warning, alert: "ContainerKilledForMemory", labels },
        series: { ...up, [series("container_oom_events_total")]: "0x9 1x30" },
        ...{ fires: 10, ends: 16 },
        says: "The kernel killed a process of shop-api-1 of shop on web-1: the container had used all the memory that it may.",
    },
    {
        // It died before anybody saw it for the first time.
        ...{ ...warning, alert: "ContainerKilledForMemory", when: "its first sample is after that", labels },
        series: { ...up, [series("container_oom_events_total")]: `${steps(10, "_")} 1x30` },
        ...{ fires: 10, ends: 16 },
        says: "The kernel killed a process of shop-api-1 of shop on web-1: the container had used all the memory that it may.",
    },
    {
        ...{ ...warning, alert: "ContainerKilledForMemory", when: "cAdvisor itself is new, and counts what was" },
        series: {
            'up{job="docker", instance="web-1"}': `${steps(10, "_")} 1x170`,
            [series("container_oom_events_total")]: `${steps(10, "_")} 4x170`,
        },
    },
    {
        ...{ ...warning, alert: "ContainerKilledForMemory", when: "of no container: a service of the host" },
        series: {
            ...up,
            [series("container_oom_events_total", "/system.slice/cron.service", 'image=""')]: "0x9 1x170",
        },
    },
    {
        ...{ ...warning, alert: "ContainerKilledForMemory", when: "of no project" },
        labels: { ...target, name: "lonely" },
        series: { ...up, [series("container_oom_events_total", "/docker/2", 'name="lonely"')]: "0x9 1x30" },
        ...{ fires: 10, ends: 16 },
        says: "The kernel killed a process of lonely on web-1: the container had used all the memory that it may.",
    },
    {
        ...{ ...warning, alert: "ContainerMemoryNearLimit", labels },
        series: {
            [series("container_memory_working_set_bytes")]: "50x9 95x20 50x20",
            [series("container_spec_memory_limit_bytes")]: "100x60",
        },
        ...{ fires: 15, ends: 31 },
        says: "shop-api-1 of shop on web-1 uses 95% of the memory that it may.",
    },
    {
        ...{ ...warning, alert: "ContainerMemoryNearLimit", when: "it has no limit" },
        series: {
            [series("container_memory_working_set_bytes")]: "95x180",
            [series("container_spec_memory_limit_bytes")]: "0x180",
        },
    },
    {
        // Control groups of version 2 and a systemd that manages them: another path, and the same names.
        ...{ ...warning, alert: "ContainerMemoryNearLimit", when: "in a scope of systemd", labels },
        series: {
            [series("container_memory_working_set_bytes", "/system.slice/docker-1.scope")]: "95x30 50x20",
            [series("container_spec_memory_limit_bytes", "/system.slice/docker-1.scope")]: "100x60",
        },
        ...{ fires: 5, ends: 31 },
        says: "shop-api-1 of shop on web-1 uses 95% of the memory that it may.",
    },
    {
        ...{ job: "docker", alert: "ContainerThrottled", severity: "info", labels },
        series: {
            ...up,
            [series("container_cpu_cfs_periods_total")]: "0+600x60",
            [series("container_cpu_cfs_throttled_periods_total")]: "0x9 0+300x20 6000x30",
        },
        // Half of the periods of five minutes: the share passes a quarter after three of them, and holds for five.
        ...{ fires: 18, ends: 38 },
        says: "shop-api-1 of shop on web-1 had used up its share of the CPU in 50% of the periods, and waited for the next one.",
    },
    {
        ...{ job: "docker", alert: "ContainerThrottled", severity: "info", when: "it has no limit" },
        series: { ...up, [series("container_cpu_usage_seconds_total")]: "0+60x180" },
    },
    {
        ...{ ...warning, alert: "ContainerRestarting", labels },
        series: { [series("container_start_time_seconds")]: "0 0 0 120 120 240 240 360 360 480 480 480x100" },
        ...{ fires: 10, ends: 66 },
        says: "shop-api-1 of shop on web-1 was started again 4 times in 1h.",
    },
    {
        ...{ ...warning, alert: "ContainerRestarting", when: "it is made anew, again and again" },
        series: Object.fromEntries(
            [0, 1, 2, 3, 4, 5, 6].map((i) => [
                series("container_start_time_seconds", `/docker/${i}`),
                `${steps(2 * i, "_")} ${120 * i} ${120 * i} stale`.trim(),
            ]),
        ),
    },
    {
        ...{ ...warning, alert: "ContainerGone", labels },
        series: {
            ...up,
            [series("container_start_time_seconds")]: "0x120 stale _x59",
            [series("container_last_seen")]: "0+60x120 stale _x59",
        },
        // Five minutes after it was seen last, and one more.
        ...{ fires: 126, lasts: 170 },
        says: "shop-api-1 of shop on web-1 had run for 2h 0m 0s and does not run any more. This ends when a container of that name runs, and 6h after it was seen last.",
    },
    {
        ...{ ...warning, alert: "ContainerGone", when: "another takes its place", labels },
        series: {
            ...up,
            [series("container_start_time_seconds")]: "0x80 stale",
            [series("container_last_seen")]: "0+60x80 stale",
            [series("container_start_time_seconds", "/docker/2")]: `${steps(100, "_")} ${100 * 60}x80`,
            [series("container_last_seen", "/docker/2")]: `${steps(100, "_")} ${100 * 60}+60x80`,
        },
        ...{ fires: 86, ends: 100 },
        says: "shop-api-1 of shop on web-1 had run for 1h 20m 0s and does not run any more. This ends when a container of that name runs, and 6h after it was seen last.",
    },
    {
        ...{ ...warning, alert: "ContainerGone", when: "it ran for a moment" },
        series: {
            ...up,
            [series("container_start_time_seconds")]: `${hour}x30 stale`,
            [series("container_last_seen")]: `${hour}+60x30 stale`,
        },
    },
    {
        ...{ ...warning, alert: "ContainerGone", when: "cAdvisor is down, and nobody sees any" },
        series: {
            'up{job="docker", instance="web-1"}': "1x100 0x80",
            [series("container_start_time_seconds")]: "0x100 stale",
            [series("container_last_seen")]: "0+60x100 stale",
        },
    },
];
