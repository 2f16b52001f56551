import assert from "node:assert/strict";
import { isOwnTitle, renderDashboards, uidPrefix } from "../../../config/render/dashboards";
import { alertNames, rulesOf } from "../../../config/render/rules";
import type { ScrapeJob } from "../../../config/schema/scrapeJob";
import type { Dashboard, Panel } from "./dashboards";
import { dashboardsIn, panelsOf, selectorIn, sent, takes } from "./dashboards";
import { job, ownJob, parse } from "../../declaration";
import { check } from "../../../commands/validate/promql";

const jobsOf = (raw: Record<string, unknown>) => [ownJob("prometheus", raw), ...parse(raw).scrapeJobs];

/** The dashboards of a declaration, by uid without the prefix that all have. */
function render(raw: Record<string, unknown> = {}): Map<string, Dashboard> {
    const dashboards = dashboardsIn(renderDashboards(parse(raw), jobsOf(raw)));
    return new Map(dashboards.map((each) => [each.uid.replace("metrics-stack-", ""), each]));
}

/** One job of every kind. */
const everything = {
    applicationProfiles: { shop: { requests: "shop_requests_total", duration: "shop_seconds", pathLabel: "route" } },
    prometheus: { retentionSize: "10GB" },
    scrapeJobs: [
        job("plain.v-1"),
        job("machines", { host: {} }),
        job("machines.slow", { host: { cpuBusy: 0.5 }, scrapeInterval: "2m" }),
        job("web", { application: {} }),
        job("web.fast", { application: { latency: "100ms", latencyQuantile: 0.99 } }),
        job("otel", { application: { profile: "opentelemetry" } }),
        job("shop", { application: { profile: "shop" } }),
        job("sites", { probe: {} }),
        job("docker", { container: {} }),
        job("longterm", { thanos: {} }),
        job("appliance", { host: {}, application: { profile: "shop" } }),
    ],
};

const panel = (dashboard: Dashboard | undefined, title: string): Panel => {
    const found = dashboard && panelsOf(dashboard).find((each) => each.title === title && each.type === "timeseries");
    assert.ok(found, title);
    return found;
};

const queries = (dashboard: Dashboard) => panelsOf(dashboard).flatMap(({ targets }) => targets.map(({ expr }) => expr));

describe("The dashboards", () => {
    const dashboards = render(everything);

    it("are one of all jobs, and one for each thing that jobs declare to expose", () => {
        assert.deepEqual([...render().keys()], ["overview", "prometheus"]);
        assert.deepEqual(
            [...dashboards.keys()],
            [
                ...["overview", "prometheus", "host", "containers", "probes", "thanos"],
                ...["application-fastapi", "application-opentelemetry", "application-shop"],
            ],
        );
    });

    it("find what pushes by what tells that it is there, as nobody scrapes it", () => {
        const raw = { prometheus: { receive: { otlp: true } }, pushedJobs: [{ jobName: "pushed" }] };
        const dashboard = render(raw).get("application-opentelemetry");
        assert.ok(dashboard);
        const there = '{__name__=~"up|target_info", job=~"$job"';
        assert.ok(queries(dashboard).some((expr) => expr.includes(there)));
        assert.match(JSON.stringify(dashboard), /label_values\(\{__name__=~\\"up\|target_info\\", job=~\\"pushed\\"\}/);
    });

    it("show what is sent to others where something is", () => {
        const raw = { remoteWrite: [{ url: "http://archive/write" }] };
        const titles = (declared: object) => {
            const dashboard = render({ ...declared }).get("prometheus");
            return dashboard ? panelsOf(dashboard).map(({ title }) => title) : [];
        };
        const more = titles(raw).filter((title) => !titles({}).includes(title));
        assert.deepEqual(more, [
            ...["Behind", "Samples sent", "Refused, sent again and left out", "Waiting samples", "Shards"],
        ]);
    });

    it("show of Thanos what its jobs may be, with the limits of those that have them", () => {
        const declared = (...components: (string | undefined)[]) => ({
            scrapeJobs: components.map((component, i) => job(`thanos-${i}`, { thanos: { component } })),
        });
        const titles = (...components: (string | undefined)[]) => {
            const dashboard = render(declared(...components)).get("thanos");
            return dashboard ? panelsOf(dashboard).map(({ title }) => title) : [];
        };
        assert.deepEqual(titles("compactor"), [
            ...["Last upload", "Compactor", "Each component"],
            ...["Operations a second", "Failed operations", "Passes", "Left to do", "Blocks in the bucket"],
        ]);
        assert.deepEqual(titles("query").slice(0, 3), ["Connected Store APIs", "Each component", "Queries a second"]);
        const all = titles(undefined);
        assert.deepEqual(titles("query", undefined), all);
        assert.deepEqual(
            all.filter((title) => !titles("query", "queryFrontend", "store", "sidecar", "compactor").includes(title)),
            [
                "Failed writes",
                "Failed hand-overs",
                "Hash ring",
                "Since the last evaluation",
                "Rules",
                "Failed evaluations",
                "Alerts to Alertmanagers",
                "Lost alerts",
            ],
        );
        // A Query has no bucket, and no say in it.
        const shown = panel(render(declared("query", "store")).get("thanos"), "Failed operations");
        assert.equal(shown.fieldConfig.defaults.thresholds?.steps.at(-1)?.value, 0.05);
    });

    it("show durations in seconds, whatever unit their profile has", () => {
        const profiles = {
            old: { duration: "http_server_duration_milliseconds" },
            own: { duration: "took", durationUnit: "microseconds" },
            odd: { duration: "took_ms", durationUnit: "seconds" },
        };
        const scrapeJobs = Object.keys(profiles).map((profile) => job(profile, { application: { profile } }));
        const shown = render({ applicationProfiles: profiles, scrapeJobs });
        const latency = (name: string) => panel(shown.get(`application-${name}`), "Latency").targets[0]?.expr ?? "";
        assert.match(latency("old"), /^histogram_quantile\(.*\) \/ 1000 >= 0$/);
        assert.match(latency("own"), /^histogram_quantile\(.*\) \/ 1000000 >= 0$/);
        assert.match(latency("odd"), /^histogram_quantile\([^/]*\) >= 0$/);
    });

    it("have a uid that Grafana takes, and a title of their own", () => {
        const applicationProfiles = { "of-a-long-name-1": {}, "of-a-long-name-2": {} };
        const scrapeJobs = Object.keys(applicationProfiles).map((profile) =>
            job(profile, { application: { profile } }),
        );
        const all = [...dashboards.values(), ...render({ applicationProfiles, scrapeJobs }).values()];
        for (const { uid, id, title } of all) {
            assert.match(uid, /^[a-zA-Z0-9_-]{8,40}$/);
            // What a dashboard of one's own may not take.
            assert.ok(uid.startsWith(uidPrefix) && isOwnTitle(title), title);
            assert.equal(id, null);
        }
        assert.equal(new Set(all.map(({ uid }) => uid)).size, dashboards.size + 2);
        assert.equal(new Set(all.map(({ title }) => title)).size, dashboards.size + 2);
    });

    it("have panels with a title that fits, a description, a unit and the data source", () => {
        const source = { type: "prometheus", uid: "metrics-stack-prometheus" };
        for (const dashboard of dashboards.values()) {
            for (const { title, description, datasource, fieldConfig, gridPos, targets } of panelsOf(dashboard)) {
                const name = `${dashboard.title}: ${title}`;
                assert.ok(title.length > 0 && title.length <= 5 * gridPos.w, name);
                assert.match(description ?? "", /^[A-Z0-9].{15,}\.$/, name);
                assert.doesNotMatch(description ?? "", /undefined|NaN|\[object/, name);
                assert.ok(fieldConfig.defaults.unit, name);
                assert.deepEqual(datasource, source, name);
                assert.ok(targets.length > 0, name);
                for (const target of targets) {
                    assert.deepEqual(target.datasource, source, name);
                }
            }
            for (const { name, datasource } of dashboard.templating.list) {
                assert.deepEqual(datasource, source, name);
            }
        }
    });

    it("have panels and queries with ids of their own, and no two panels in one place", () => {
        for (const { title, panels } of dashboards.values()) {
            assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length, title);
            const taken = new Map<string, string>();
            for (const { title: name, gridPos, targets = [] } of panels) {
                assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, name);
                const { x, y, w, h } = gridPos;
                assert.ok(Number.isInteger(w) && w > 0 && h > 0 && x >= 0 && x + w <= 24, `${title}: ${name}`);
                for (let column = x; column < x + w; column++) {
                    for (let row = y; row < y + h; row++) {
                        const cell = `${column},${row}`;
                        assert.equal(taken.get(cell), undefined, `${title}: ${name}`);
                        taken.set(cell, name);
                    }
                }
            }
        }
    });

    it("ask in correct PromQL", () => {
        for (const dashboard of dashboards.values()) {
            const variables = dashboard.templating.list.map(({ query }) => selectorIn(query.query));
            for (const expr of [...queries(dashboard), ...variables]) {
                assert.deepEqual(check(sent(dashboard, expr)), [], `${dashboard.title}: ${expr}`);
            }
        }
    });

    it("leave no job without a graph, and show each only where it belongs", () => {
        const { scrapeJobs } = parse(everything);
        const shown = (jobName: string) =>
            [...dashboards].flatMap(([uid, dashboard]) => {
                const panels = panelsOf(dashboard).filter(({ targets }) =>
                    targets.some(({ expr }) => takes(sent(dashboard, expr), jobName)),
                );
                const variable = dashboard.templating.list[0]?.query.query;
                if (variable !== undefined) {
                    assert.equal(takes(variable, jobName), panels.length > 0, `${uid} ${jobName}`);
                }
                // What is shown for some of the jobs of a dashboard only has a panel of the same kind for the others.
                assert.ok([0, panelsOf(dashboard).length].includes(panels.length), `${uid} ${jobName}`);
                return panels.length > 0 ? [uid] : [];
            });
        const found = [ownJob("prometheus"), ...scrapeJobs].map(({ jobName }) => [jobName, shown(jobName)]);
        assert.deepEqual(Object.fromEntries(found), {
            prometheus: ["overview", "prometheus"],
            "plain.v-1": ["overview"],
            machines: ["overview", "host"],
            "machines.slow": ["overview", "host"],
            web: ["overview", "application-fastapi"],
            "web.fast": ["overview", "application-fastapi"],
            otel: ["overview", "application-opentelemetry"],
            shop: ["overview", "application-shop"],
            sites: ["overview", "probes"],
            docker: ["overview", "containers"],
            longterm: ["overview", "thanos"],
            appliance: ["overview", "host", "application-shop"],
        });
        assert.ok(!takes('up{job=~"plain\\\\.v-1"}', "plainxv-1"));
    });

    it("lead from each job to the dashboard with most of it", () => {
        const overview = dashboards.get("overview") as Dashboard;
        const jobs = panelsOf(overview).find(({ title, type }) => type === "table" && title === "Jobs");
        const labelled = jobs?.targets[0]?.expr ?? "";
        for (const [uid, pattern] of [
            ["host", String.raw`machines|machines\\.slow|appliance`],
            ["application-fastapi", String.raw`web|web\\.fast`],
            ["prometheus", "prometheus"],
        ]) {
            assert.ok(labelled.includes(`"dashboard", "metrics-stack-${uid}", "job", "${pattern}")`), uid);
        }
        const properties = jobs?.fieldConfig.overrides.flatMap((override) => override.properties) ?? [];
        const links = properties.filter(({ id }) => id === "links").flatMap(({ value }) => value as { url: string }[]);
        assert.deepEqual(
            links.map(({ url }) => url),
            ["/d/${__value.raw}?var-job=${__data.fields.job}&${__url_time_range}"],
        );
    });

    it("lead from an alert of somebody's own to its own runbook, and from others to theirs", () => {
        const ownAlerts = [
            { alert: "OrdersStopped", runbookUrl: "https://wiki.example.com/orders?a=$1" },
            { alert: "가게.열림", runbookUrl: "https://wiki.example.com/orders?a=$1" },
            { alert: "NoRunbook", runbookUrl: "docs/no-address.md" },
        ];
        const table = (runbookUrl: string, own: typeof ownAlerts) => {
            const settings = { ...parse({ alerts: { runbookUrl } }), ownAlerts: own };
            const [overview] = dashboardsIn(renderDashboards(settings, jobsOf({})));
            assert.ok(overview);
            const alerts = panelsOf(overview).find(({ type, title }) => type === "table" && title === "Alerts");
            const links = alerts?.fieldConfig.overrides.flatMap((override) => override.properties) ?? [];
            const urls = links.filter(({ id }) => id === "links").flatMap(({ value }) => value as { url: string }[]);
            const expr = alerts?.targets[0]?.expr ?? "";
            assert.deepEqual(check(sent(overview, expr)), []);
            return {
                expr,
                urls: urls.map(({ url }) => url),
                other: queries(overview).some((each) => /severity!~/.test(each)),
            };
        };
        const alone = table("https://example.com/runbooks", []);
        assert.deepEqual(alone.urls, ["https://example.com/runbooks/${__value.raw}.md"]);
        assert.ok(!alone.expr.includes("label_replace") && !alone.other);
        const { expr, urls, other } = table("https://example.com/runbooks", ownAlerts);
        assert.deepEqual(urls, ["${__value.raw}"]);
        assert.ok(other);
        for (const piece of [
            '"runbook", "https://example.com/runbooks/$1.md", "alertname", "(.+)"',
            '"runbook", "https://wiki.example.com/orders?a=$$1", "alertname", "OrdersStopped|가게\\\\.열림"',
            '"runbook", "", "alertname", "NoRunbook"',
        ]) {
            assert.ok(expr.includes(piece), expr);
        }
        assert.deepEqual(table("docs/runbooks", ownAlerts.slice(2)).urls, []);
    });

    it("use the names of the application's profile", () => {
        const shop = dashboards.get("application-shop") as Dashboard;
        assert.ok(queries(shop).every((expr) => /\bshop_(requests_total|seconds_bucket)\{/.test(expr)));
        assert.ok(queries(shop).some((expr) => expr.includes("by(job, route)")));
        const otel = queries(dashboards.get("application-opentelemetry") as Dashboard).join("\n");
        assert.ok(otel.includes('http_server_request_duration_seconds_count{http_response_status_code=~"5.."'));
    });
});

describe("A limit of an alert", () => {
    const limits = (raw: Record<string, unknown>, uid: string, title: string) => {
        const { description, fieldConfig, links } = panel(render(raw).get(uid), title);
        return { description, steps: fieldConfig.defaults.thresholds?.steps, links };
    };
    const hosts = (...settings: object[]) => ({ scrapeJobs: settings.map((host, i) => job(`h${i}`, { host })) });

    it("is a line where the alert fires, above", () => {
        const { description, steps } = limits(
            hosts({ memoryStalled: { warning: 0.1, critical: 0.3 } }),
            "host",
            "Memory pressure",
        );
        assert.deepEqual(steps, [
            { value: null, color: "transparent" },
            { value: 0.1, color: "orange" },
            { value: 0.3, color: "red" },
        ]);
        assert.match(
            description ?? "",
            /HostMemoryStalled fires when stalled is above 10 % \(warning\) or 30 % \(critical\)\./,
        );
    });

    it("is a line where the alert fires, below", () => {
        const { description, steps } = limits(hosts({}), "host", "Space left");
        // Below a transparent step a line has the colour of the step before: 3 % is red, 5 % orange.
        assert.deepEqual(steps, [
            { value: null, color: "red" },
            { value: 0.03, color: "orange" },
            { value: 0.05, color: "transparent" },
        ]);
        assert.match(description ?? "", /fires below 5 % \(warning\) or 3 % \(critical\)\./);
    });

    it("is no line where jobs differ in it: the description has each job's own", () => {
        const { description, steps } = limits(hosts({ cpuBusy: 0.8 }, {}, { cpuBusy: 0.8 }), "host", "CPU busy");
        assert.equal(steps, undefined);
        assert.match(description ?? "", /fires above 80 % for h0, h2; 90 % for h1\./);
    });

    it("has its alert's runbook: a link where that has an address, else its place in the text", () => {
        const inRepository = limits(hosts({}), "host", "CPU busy");
        assert.deepEqual(
            [inRepository.links, inRepository.description?.includes("docs/runbooks/HostCpuBusy.md")],
            [undefined, true],
        );
        const alerts = { runbookUrl: "https://example.com/runbooks" };
        const online = limits({ ...hosts({}), alerts }, "host", "CPU busy");
        assert.deepEqual(
            online.links?.map(({ url }) => url),
            ["https://example.com/runbooks/HostCpuBusy.md"],
        );
        assert.doesNotMatch(online.description ?? "", /runbook/i);
    });

    it("is not there where the alert is disabled", () => {
        const { description, steps } = limits(
            { ...hosts({}), alerts: { disabled: ["HostCpuBusy"] } },
            "host",
            "CPU busy",
        );
        assert.deepEqual([steps, description?.includes("HostCpuBusy")], [undefined, false]);
    });

    it("is the one in the alert's own expression, and each alert that a panel names is there", () => {
        const rules = jobsOf(everything).flatMap((each) => rulesOf(parse(everything), each));
        const named = [...render(everything).values()].flatMap(panelsOf).flatMap(({ description, fieldConfig }) => {
            const [, alert = "", passes] =
                /The alert (\w+) (?:fires.*? (above|below) |watches)/.exec(description ?? "") ?? [];
            const own = rules.filter((rule) => rule.alert === alert).map(({ expr }) => expr);
            const values = (fieldConfig.defaults.thresholds?.steps ?? []).flatMap(({ value }) => value ?? []);
            for (const value of passes === undefined ? [] : values) {
                const comparison = `${passes === "above" ? ">" : "<"} ${value}`;
                assert.ok(
                    own.some((expr) => `${expr} `.includes(`${comparison} `)),
                    `${alert}: ${comparison}`,
                );
            }
            return alert === "" ? [] : [alert];
        });
        assert.deepEqual(
            [...new Set(named)].filter((alert) => !alertNames().includes(alert)),
            [],
        );
        assert.ok(new Set(named).size > 15);
    });

    it("is in seconds where it was declared as a duration", () => {
        const scrapeJobs = [job("web", { application: { latency: "250ms", latencyQuantile: 0.9 } })];
        const { description, steps } = limits({ scrapeJobs }, "application-fastapi", "Latency");
        assert.deepEqual(steps?.at(-1), { value: 0.25, color: "orange" });
        assert.match(description ?? "", /fires when the line of 90 % is above 250ms\./);
    });

    it("is Prometheus' own for memory and storage", () => {
        const prometheus = { memoryLimit: "1GB", retentionTime: "2h", retentionSize: "3GB" };
        const values = ["Memory", "Age of the oldest sample", "Storage"].map(
            (title) => limits({ prometheus }, "prometheus", title).steps?.at(-1)?.value,
        );
        assert.deepEqual(values, [2 ** 30, 7200, 3 * 2 ** 30]);
        assert.equal(limits({}, "prometheus", "Storage").steps, undefined);
    });
});

describe("The quantile of an application", () => {
    it("is asked for the jobs only that declare it", () => {
        const scrapeJobs = [
            job("a", { application: {} }),
            job("b", { application: { latencyQuantile: 0.99 } }),
            job("c", { application: {} }),
        ];
        const dashboard = render({ scrapeJobs }).get("application-fastapi") as Dashboard;
        const [ours, theirs] = panel(dashboard, "Latency by path").targets.map(({ expr }) => sent(dashboard, expr));
        const jobsOf = (expr = "") => ["a", "b", "c"].filter((name) => takes(expr, name));
        assert.deepEqual([ours?.includes("0.95"), jobsOf(ours)], [true, ["a", "c"]]);
        assert.deepEqual([theirs?.includes("0.99"), jobsOf(theirs)], [true, ["b"]]);
    });
});

describe("The shortest step of a dashboard's queries", () => {
    const steps = (...intervals: (string | undefined)[]) => {
        const scrapeJobs = intervals.map((scrapeInterval, i) => job(`h${i}`, { host: {}, scrapeInterval }));
        const dashboard = render({ scrapeInterval: "30s", scrapeJobs }).get("host") as Dashboard;
        return [...new Set(panelsOf(dashboard).flatMap(({ targets }) => targets.map(({ interval }) => interval)))];
    };

    it("is the data source's where all jobs are scraped as often", () =>
        assert.deepEqual(steps(undefined), [undefined]));

    it("is that of the job that is scraped least often: a rate needs four of its scrapes", () =>
        assert.deepEqual(steps(undefined, "2m", "1m"), ["2m"]));

    it("is shorter where all jobs are scraped more often", () => assert.deepEqual(steps("5s", "10s"), ["10s"]));
});

describe("The dashboards' bytes", () => {
    it("are the same for the same declaration, and one more job without a profile changes none", () => {
        const files = (...more: ScrapeJob[]) => renderDashboards(parse(everything), [...jobsOf(everything), ...more]);
        assert.deepEqual(files(), files());
        assert.deepEqual(files(), files(...parse({ scrapeJobs: [job("another")] }).scrapeJobs));
    });
});
