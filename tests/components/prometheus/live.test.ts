import assert from "node:assert/strict";
import { readSyncs, ruleDifference, syncDifference, targetDifference } from "../../../components/prometheus/live";
import { changesJobs } from "../../../components/prometheus/reload";

describe("The delivery compares Prometheus' live rules with the declared ones, and", () => {
    const rule = (name: string, health = "ok", lastError = "") => ({ name, health, lastError });
    const live = [
        { name: "shop", rules: [rule("TargetDown"), rule("HostMemoryStalled"), rule("HostMemoryStalled", "unknown")] },
        { name: "web", rules: [rule("TargetDown")] },
    ];
    const declared = ["web TargetDown", "shop TargetDown", "shop HostMemoryStalled", "shop HostMemoryStalled"];

    it("is content with the same ones, evaluated or not yet", () =>
        assert.equal(ruleDifference(live, declared), undefined));

    it("names one that is missing", () =>
        assert.equal(
            ruleDifference(live, [...declared, "web TargetMissing"]),
            "it has the rule web TargetMissing 0 times instead of 1.",
        ));

    it("names one that is there too often", () =>
        assert.equal(
            ruleDifference(live, declared.slice(0, 3)),
            "it has the rule shop HostMemoryStalled 2 times instead of 1.",
        ));

    it("names one that nobody declared", () =>
        assert.match(ruleDifference(live, declared.slice(1)) ?? "", /web TargetDown 1 times instead of 0/));

    it("names one that cannot be evaluated, with Prometheus' reason", () =>
        assert.equal(
            ruleDifference([...live, { name: "db", rules: [rule("TargetDown", "err", "many-to-many")] }], declared),
            "it cannot evaluate the rule db TargetDown: many-to-many",
        ));

    it("in a moment with the rules of 1000 hosts", () => {
        const names = Array.from({ length: 27_000 }, (_, i) => `job${i % 1000} Rule${i}`);
        const groups = names.map((id) => ({ name: id.split(" ")[0] ?? "", rules: [rule(id.split(" ")[1] ?? "")] }));
        const start = performance.now();
        assert.equal(ruleDifference(groups, [...names].reverse()), undefined);
        assert.ok(performance.now() - start < 5000);
    });
});

describe("The delivery compares Prometheus' targets with the declared ones, and", () => {
    const live = (address: string, labels: Record<string, string> = {}, scrapePool = "shop") => ({
        scrapePool,
        discoveredLabels: { __address__: address, __scheme__: "http", job: scrapePool, ...labels },
    });
    const target = (address: string, labels: Record<string, string> = {}) => ({ job: "shop", address, labels });
    const difference = (found: ReturnType<typeof live>[], declared: ReturnType<typeof target>[]) =>
        targetDifference({ activeTargets: found.slice(0, 1), droppedTargets: found.slice(1) }, declared);

    it("is content with the same ones, scraped or dropped, in any order, and with ones that are not gone yet", () =>
        assert.equal(
            difference(
                [live("a:1", { env: "prod" }), live("b:1"), live("a:1", { env: "dev" }), live("old:1")],
                [target("b:1"), target("a:1", { env: "dev" }), target("a:1", { env: "prod", empty: "" })],
            ),
            undefined,
        ));

    for (const [what, found] of [
        ["of another job", live("a:1", {}, "web")],
        ["of another address", live("a:2")],
        ["with another value of a label", live("a:1", { env: "dev" })],
        ["without a label", live("a:1")],
        ["with a label too many", live("a:1", { env: "prod", team: "a" })],
    ] as const) {
        it(`does not take one for it ${what}`, () =>
            assert.equal(
                difference([found], [target("a:1", { env: "prod" })]),
                "these targets are not known to it: shop a:1",
            ));
    }

    it("names some of many", () =>
        assert.match(
            difference(
                [],
                Array.from({ length: 1000 }, (_, i) => target(`a:${i}`)),
            ) ?? "",
            /known to it: shop a:0, shop a:1, .* and 980 more$/,
        ));

    it("reads a job's name as Prometheus writes it", () => {
        const line = 'prometheus_target_scrape_pool_sync_total{scrape_job="a \\"b\\" \\\\ {c}"} 7';
        assert.deepEqual([...readSyncs([line])], [['a "b" \\ {c}', 7]]);
    });

    const syncs = (web: number, shop: number) =>
        readSyncs([
            `prometheus_target_scrape_pool_sync_total{scrape_job="web"} ${web}`,
            `prometheus_target_scrape_pool_sync_total{scrape_job="shop"} ${shop}`,
            "",
        ]);

    it("waits until all of them were made anew, where that is to come", () => {
        assert.equal(syncDifference(syncs(3, 7), syncs(3, 7)), "it has not made the targets of web anew.");
        assert.equal(syncDifference(syncs(4, 7), syncs(3, 7)), "it has not made the targets of shop anew.");
        assert.equal(syncDifference(syncs(4, 8), syncs(3, 7)), undefined);
    });
});

describe("A reload has the targets of jobs made anew where", () => {
    const said = (...jobs: object[]) => JSON.stringify({ data: { yaml: JSON.stringify({ scrape_configs: jobs }) } });
    const [shop, web] = [
        { job_name: "shop", scrape_interval: "15s" },
        { job_name: "web", scrape_interval: "15s" },
    ];

    it("one of them is another one afterwards", () => {
        assert.equal(changesJobs(said(shop, web), said(shop, { ...web, scrape_interval: "5s" })), true);
        assert.equal(changesJobs(said(shop), said({ ...shop, relabel_configs: [{ action: "keep" }] })), true);
        assert.equal(changesJobs(said({ ...shop, honor_labels: true }), said(shop)), true);
    });

    it("nobody knows", () => assert.equal(changesJobs("", said(shop)), true));

    it("and not where jobs only came or went", () => {
        assert.equal(changesJobs(said(shop), said(web, shop)), false);
        assert.equal(changesJobs(said(shop, web), said(web)), false);
        assert.equal(changesJobs(said(shop, web), said(web, shop)), false);
    });
});
