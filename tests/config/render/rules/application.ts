import type { RuleCase } from "./case";
import { repeated } from "./case";

const labels = { job: "shop", instance: "shop:8000", team: "web" };
const series = (name: string, rest = "") => `${name}{job="shop", instance="shop:8000", team="web"${rest}}`;
const requests = (status: number) => series("http_requests_total", `, method="GET", path="/", status="${status}"`);
const route = (number: number, status: number) =>
    series("http_requests_total", `, method="GET", path="/${number}", status="${status}"`);
const up = series("up");
const bucket = (le: string) => series("http_request_duration_seconds_bucket", `, path="/", le="${le}"`);

const pushed = (status: number) =>
    `http_server_request_duration_seconds_count{job="pushed", instance="a", http_response_status_code="${status}"}`;

const oldBucket = (le: string) =>
    `http_server_duration_milliseconds_bucket{job="old", instance="old:8000", path="/", le="${le}"}`;

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
    {
        // A new route, of a target that only pushes.
        ...{
            job: "pushed",
            alert: "ApplicationErrors",
            severity: "critical",
            labels: { job: "pushed", instance: "a" },
        },
        when: "it pushes",
        series: {
            'target_info{job="pushed", instance="a", service_version="1"}': "1x60",
            [pushed(500)]: "_x20 1+1x20 21x20",
            [pushed(200)]: "0+1x60",
        },
        ...{ fires: 30, ends: 50 },
        says: "50% of the requests to a of pushed are answered with a status of 500 or above.",
    },
    {
        ...{ job: "pushed", alert: "ApplicationNoTraffic", severity: "warning", when: "it pushes" },
        labels: { job: "pushed", instance: "a" },
        series: {
            'target_info{job="pushed", instance="a", service_version="1"}': "1x90",
            [pushed(200)]: "_x70 0+1x20",
        },
        ...{ fires: 60, ends: 75 },
        says: "a of pushed is up and has counted no request in http_server_request_duration_seconds_count for 1h.",
    },
    {
        // A healthy route is asked every other minute.
        ...{ job: "shop", alert: "ApplicationErrors", severity: "critical", labels },
        when: "each error is the first of its route",
        series: {
            [up]: "1x120",
            ...Object.fromEntries([...Array(60).keys()].map((i) => [route(i, 500), `_x${10 + i} 1x${110 - i}`])),
            [requests(200)]: Array.from({ length: 120 }, (_, i) => Math.floor(i / 2)).join(" "),
        },
        ...{ fires: 20, lasts: 70, ends: 80 },
        says: "66.67% of the requests to shop:8000 of shop are answered with a status of 500 or above.",
    },
    {
        // What it counted before is no news.
        ...{ job: "shop", alert: "ApplicationErrors", severity: "critical", when: "Prometheus has just begun" },
        series: { [up]: "_x30 1x150", [requests(500)]: "_x30 900x150", [requests(200)]: "_x30 1000+9x150" },
    },
    {
        ...{ job: "shop", alert: "ApplicationErrors", severity: "critical", when: "scrapes failed for a while" },
        series: {
            [up]: "1x30 0x20 1x130",
            [requests(500)]: "900x30 stale _x19 900x130",
            [requests(200)]: "0+9x30 stale _x19 450+9x130",
        },
    },
    {
        ...{ job: "old", alert: "ApplicationSlow", severity: "warning" },
        when: "durations are milliseconds",
        labels: { job: "old", instance: "old:8000" },
        series: {
            ...{ [oldBucket("1000")]: "0x20 0+60x20", [oldBucket("2500")]: "0+60x41", [oldBucket("+Inf")]: "0+60x41" },
        },
        ...{ fires: 11, ends: 40 },
        says: "The slowest requests to old:8000 of old (above the 0.95 quantile) take 2.425s and more; the limit is 1s.",
    },
    {
        ...{ job: "old", alert: "ApplicationSlow", severity: "warning", when: "20 milliseconds are the slowest" },
        series: { [oldBucket("10")]: "0+6x180", [oldBucket("25")]: "0+60x180", [oldBucket("+Inf")]: "0+60x180" },
    },
    {
        ...{ job: "shop", alert: "ApplicationSlow", severity: "warning", labels },
        when: "each request is the first of its route",
        series: {
            [up]: "1x60",
            ...Object.fromEntries(
                [...Array(30).keys()].flatMap((i) =>
                    ["1", "2.5", "+Inf"].map((le) => [
                        series("http_request_duration_seconds_bucket", `, path="/${i}", le="${le}"`),
                        `_x${10 + i} ${le === "1" ? 0 : 1}x${60 - i}`,
                    ]),
                ),
            ),
        },
        ...{ fires: 20, ends: 50 },
        says: "The slowest requests to shop:8000 of shop (above the 0.95 quantile) take 2.425s and more; the limit is 1s.",
    },
    {
        ...{
            job: "shop",
            alert: "ApplicationNoTraffic",
            severity: "warning",
            when: "each request is the first of its path",
        },
        series: {
            [up]: "1x180",
            ...Object.fromEntries([0, 1, 2, 3].map((i) => [route(i, 200), `_x${10 + 50 * i} 1x180`])),
        },
    },
    {
        ...{
            job: "shop",
            alert: "ApplicationNoTraffic",
            severity: "warning",
            when: "scrapes fail now and then",
            labels,
        },
        series: {
            [up]: `${repeated(20, 1, 1, 1, 0)} 1x80`,
            [requests(200)]: `${repeated(20, 7, 7, 7, "stale")} 7x20 8+1x60`,
        },
        ...{ fires: 60, lasts: 95, ends: 130 },
        says: "shop:8000 of shop is up and has counted no request in http_requests_total for 1h.",
    },
    {
        ...{ job: "shop", alert: "ApplicationMetricsMissing", severity: "info", labels },
        series: { [up]: "1x90", [series("http_server_duration_count")]: "0+1x90", [requests(200)]: "_x40 1+1x40" },
        ...{ fires: 10, lasts: 39, ends: 41 },
        says:
            "shop:8000 of shop is up and exposes no http_requests_total, which its profile fastapi names: it has other names, " +
            "or has answered no request since it was started.",
    },
];
