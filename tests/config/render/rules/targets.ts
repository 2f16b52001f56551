import type { RuleCase } from "./case";

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
        ...{ job: "shop", alert: "TargetMissing", severity: "critical", when: "a target is down" },
        series: { [`up${target}`]: "0x180" },
    },
    {
        ...{ job: "shop", alert: "TargetNearSampleLimit", severity: "warning", labels },
        series: { [`scrape_samples_post_metric_relabeling${target}`]: "90x4 95x20 50x5" },
        ...{ fires: 20, ends: 26 },
        says: "shop:8000 exposes 95% of the 100 samples that its job allows. Above the limit every scrape of it fails.",
    },
];
