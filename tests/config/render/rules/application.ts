import type { RuleCase } from "./case";

const labels = { job: "shop", instance: "shop:8000", team: "web" };
const series = (name: string, rest = "") => `${name}{job="shop", instance="shop:8000", team="web"${rest}}`;
const requests = (status: number) => series("http_requests_total", `, method="GET", path="/", status="${status}"`);
const bucket = (le: string) => series("http_request_duration_seconds_bucket", `, path="/", le="${le}"`);

export const applicationCases: RuleCase[] = [
    {
        ...{ job: "shop", alert: "ApplicationErrors", severity: "critical", labels },
        series: { [requests(500)]: "0+6x20 120x20", [requests(200)]: "0+54x40" },
        ...{ fires: 11, ends: 30 },
        says: "10% of the requests to shop:8000 of shop are answered with a status of 500 or above.",
    },
    {
        ...{ job: "shop", alert: "ApplicationErrors", severity: "critical", when: "the clients are wrong" },
        series: { [requests(404)]: "0+60x180" },
    },
    {
        ...{ job: "shop", alert: "ApplicationSlow", severity: "warning", labels },
        series: { [bucket("1")]: "0x20 0+60x20", [bucket("2.5")]: "0+60x41", [bucket("+Inf")]: "0+60x41" },
        ...{ fires: 11, ends: 40 },
        says: "The slowest requests to shop:8000 of shop (above the 0.95 quantile) take 2.425s and more; the limit is 1s.",
    },
    {
        ...{ job: "shop", alert: "ApplicationNoTraffic", severity: "warning", when: "there never was any", labels },
        series: { [series("up")]: "1x90", [requests(200)]: "_x70 0+1x20" },
        ...{ fires: 60, ends: 75 },
        says: "shop:8000 of shop is up and has counted no request in http_requests_total for 1h.",
    },
    {
        ...{ job: "shop", alert: "ApplicationNoTraffic", severity: "warning", when: "it ceases", labels },
        // The last request is in the 5 minutes of a rate until minute 14.
        series: { [series("up")]: "1x120", [requests(200)]: "0+1x10 10x90 11+1x20" },
        ...{ fires: 74, ends: 105 },
        says: "shop:8000 of shop is up and has counted no request in http_requests_total for 1h.",
    },
    {
        ...{ job: "shop", alert: "ApplicationNoTraffic", severity: "warning", when: "it is down" },
        series: { [series("up")]: "0x180" },
    },
];
