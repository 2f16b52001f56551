import type { RuleCase } from "./case";

const labels = { job: "sites", instance: "https://shop.example.com/" };
const target = '{job="sites", instance="https://shop.example.com/"}';
const series = (metric: string) => `${metric}${target}`;
const day = 86_400;

export const probeCases: RuleCase[] = [
    {
        ...{ job: "sites", alert: "ProbeFailing", severity: "critical", labels },
        series: { [series("probe_success")]: "1x4 0x10 1x10" },
        ...{ fires: 10, ends: 16 },
        says: "The probe of https://shop.example.com/ by the job sites fails.",
    },
    {
        ...{ job: "sites", alert: "ProbeFailing", severity: "critical", when: "one probe of many fails" },
        series: { [series("probe_success")]: "1x30 0 1x149" },
    },
    {
        // The exporter is asked again: that alone is no answer of what it probes.
        ...{ job: "sites", alert: "ProbeFailing", severity: "critical", when: "every fourth scrape is lost", labels },
        series: { [series("probe_success")]: "1x4 0 0 0 stale 0 0 0 stale 0 0 0 1x10" },
        ...{ fires: 10, ends: 17 },
        says: "The probe of https://shop.example.com/ by the job sites fails.",
    },
    {
        ...{ job: "sites", alert: "ProbeSlow", severity: "warning", labels },
        series: { [series("probe_success")]: "1x60", [series("probe_duration_seconds")]: "1x4 5x30 1x26" },
        ...{ fires: 16, ends: 40 },
        says: "The probe of https://shop.example.com/ takes 5s on average; the limit is 2s.",
    },
    {
        ...{ job: "sites", alert: "ProbeSlow", severity: "warning", when: "the probe fails" },
        series: { [series("probe_success")]: "0x180", [series("probe_duration_seconds")]: "10x180" },
    },
    {
        ...{ job: "sites", alert: "ProbeCertificateEnding", severity: "warning", labels },
        // It is renewed at minute 31.
        series: { [series("probe_ssl_earliest_cert_expiry")]: `${10 * day}x30 ${90 * day}x20` },
        ...{ fires: 1, ends: 31 },
        says: "The certificate of https://shop.example.com/ is valid for 9d 23h 59m 0s more: it was not renewed, or the new one is not in use.",
    },
    {
        ...{ job: "sites", alert: "ProbeCertificateEnding", severity: "critical", labels },
        series: { [series("probe_ssl_earliest_cert_expiry")]: `${2 * day}x30 ${90 * day}x20` },
        ...{ fires: 1, ends: 31 },
        says: "The certificate of https://shop.example.com/ is valid for 1d 23h 59m 0s more: it was not renewed, or the new one is not in use.",
    },
    {
        ...{ job: "sites", alert: "ProbeCertificateEnding", severity: "warning" },
        when: "an old certificate is sent along with a chain that lasts",
        series: {
            [series("probe_ssl_earliest_cert_expiry")]: `${-10 * day}x180`,
            [series("probe_ssl_last_chain_expiry_timestamp_seconds")]: `${80 * day}x180`,
        },
    },
    {
        ...{ job: "sites", alert: "ProbeCertificateEnding", severity: "critical", labels, when: "nobody verified it" },
        series: {
            [series("probe_ssl_earliest_cert_expiry")]: `${day}x30 ${90 * day}x20`,
            [series("probe_ssl_last_chain_expiry_timestamp_seconds")]: "-62135596800x50",
        },
        ...{ fires: 1, ends: 31 },
        says: `The certificate of https://shop.example.com/ is valid for 23h 59m 0s more: it was not renewed, or the new one is not in use.`,
    },
];
