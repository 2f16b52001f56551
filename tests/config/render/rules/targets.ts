import type { RuleCase } from "./case";
import { repeated } from "./case";

const labels = { job: "shop", instance: "shop:8000", team: "web" };
const target = '{job="shop", instance="shop:8000", team="web"}';

export const targetCases: RuleCase[] = [
    {
        ...{ job: "shop", alert: "TargetDown", severity: "critical", labels },
        series: { [`up${target}`]: "1x4 0x10 1x10" },
        ...{ fires: 10, ends: 16 },
        says: "Prometheus could not scrape shop:8000 of the job shop.",
    },
    {
        ...{ job: "shop", alert: "TargetMissing", severity: "critical", labels: { job: "shop" } },
        series: { [`up${target}`]: "1x4 stale _x20 1x10" },
        ...{ fires: 10, ends: 26 },
        says: "Prometheus scrapes nothing for the job shop, neither with nor without success.",
    },
    {
        ...{ job: "pushed", alert: "TargetMissing", severity: "critical", labels: { job: "pushed" } },
        series: { 'target_info{job="pushed", instance="a", service_version="1"}': "1x4 _x30 1x10" },
        ...{ fires: 14, ends: 36 },
        says: "Prometheus gets nothing from the job pushed, which pushes its metrics.",
    },
    {
        ...{ job: "shop", alert: "TargetMissing", severity: "critical", when: "a target is down" },
        series: { [`up${target}`]: "0x180" },
    },
    {
        // It answers for one minute of five.
        ...{ job: "shop", alert: "TargetFlapping", severity: "critical", labels },
        series: { [`up${target}`]: `${repeated(40, 0, 0, 0, 0, 1)} 1x100` },
        ...{ fires: 20, lasts: 200, ends: 260 },
        says: "80.95% of the scrapes of shop:8000 of shop failed in 1h, with good ones in between.",
    },
    {
        ...{ job: "shop", alert: "TargetFlapping", severity: "warning", labels },
        series: { [`up${target}`]: `1x60 ${repeated(40, 1, 1, 1, 0)} 1x100` },
        ...{ fires: 98, lasts: 200, ends: 260 },
        says: "15% of the scrapes of shop:8000 of shop failed in 1h, with good ones in between.",
    },
    {
        ...{ job: "shop", alert: "TargetFlapping", severity: "warning", when: "it was away once, for long" },
        series: { [`up${target}`]: "1x30 0x60 1x90" },
    },
    {
        ...{ job: "shop", alert: "TargetFlapping", severity: "warning", when: "it was deployed three times" },
        series: { [`up${target}`]: "1x30 0 1x15 0 1x15 0 1x120" },
    },
    {
        // A minute of work each time: no scrape fails.
        ...{ job: "shop", alert: "TargetRestarting", severity: "warning", labels },
        series: { [`process_start_time_seconds${target}`]: "1000x30 2800+60x30 4600x100" },
        ...{ fires: 40, lasts: 60, ends: 125 },
        says: "The process behind shop:8000 of shop was started 10 times in 1h.",
    },
    {
        ...{ job: "shop", alert: "TargetRestarting", severity: "warning", when: "each scrape meets another worker" },
        series: { [`process_start_time_seconds${target}`]: repeated(60, 1000, 1003, 1001) },
    },
    {
        ...{ job: "shop", alert: "TargetNearSampleLimit", severity: "warning", labels },
        series: { [`scrape_samples_post_metric_relabeling${target}`]: "90x4 95x20 50x5" },
        ...{ fires: 20, ends: 26 },
        says: "shop:8000 exposes 95% of the 100 samples that its job allows. Above the limit every scrape of it fails.",
    },
];
