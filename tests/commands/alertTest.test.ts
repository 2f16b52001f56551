import assert from "node:assert/strict";
import { failuresIn, isOver, requestsIn } from "../../commands/alertTest/outcome";
import { readConfiguration, receiversOf, waysTo } from "../../commands/alertTest/routing";

describe("The labels of a test alert", () => {
    const ways = (routes: string, name: string, given = {}) =>
        waysTo(name, readConfiguration(`route: {receiver: team, group_interval: 5m, routes: [${routes}]}`), given);
    const labels = (routes: string, name = "pager", given = {}) => ways(routes, name, given).map((way) => way.labels);
    const usual = { alertname: "AlertTest", severity: "warning" };

    it("are the usual ones where nothing is asked for, of each severity", () => {
        assert.deepEqual(
            labels("", "team").map(({ severity }) => severity),
            ["warning", "critical", "info"],
        );
        assert.deepEqual(labels("{receiver: pager}")[0], usual);
        assert.deepEqual(labels("{receiver: pager}", "nobody"), []);
    });

    const cases: [matchers: string, added: object][] = [
        [`'job="shop"', 'severity="critical"'`, { job: "shop", severity: "critical" }],
        [`'job=~"shop|door"'`, { job: "shop" }],
        [`'job=~"(?:shop|door)-.*"'`, { job: "door-" }],
        [`'job=~".+"'`, { job: "test" }],
        [`'team!=""'`, { team: "test" }],
        [`'job!="shop"'`, {}],
        [`'severity!="warning"'`, { severity: "critical" }],
        [`'severity!~"warning|critical"'`, { severity: "info" }],
        [`'alertname="Watchdog"'`, { alertname: "Watchdog" }],
    ];
    for (const [matchers, added] of cases) {
        it(`satisfy ${matchers}`, () => {
            assert.deepEqual(labels(`{receiver: pager, matchers: [${matchers}]}`)[0], { ...usual, ...added });
        });
    }

    it("satisfy all routes on the way, and have the interval of the last", () => {
        const routes = `{matchers: ['job="shop"'], group_interval: 2m, routes: [{receiver: pager, matchers: ['severity="info"']}]}`;
        assert.deepEqual(ways(routes, "pager"), [
            { labels: { alertname: "AlertTest", severity: "info", job: "shop" }, groupInterval: 120_000 },
        ]);
    });

    it("are not where nothing satisfies two", () => {
        assert.deepEqual(labels(`{receiver: pager, matchers: ['job="shop"', 'job="door"']}`), []);
    });

    it("are those that were named", () => {
        const routes = `{receiver: pager, matchers: ['job=~"shop-\\\\d+"']}`;
        assert.deepEqual(labels(routes), []);
        assert.deepEqual(labels(routes, "pager", { job: "shop-1" })[0], { ...usual, job: "shop-1" });
        assert.deepEqual(labels(routes, "pager", { job: "door" }), []);
    });
});

describe("The receivers of a test alert", () => {
    it("are known with what each is told", () => {
        const text = `receivers: [{name: nobody}, {name: a, webhook_configs: [{send_resolved: true}, {send_resolved: false}], email_configs: [{send_resolved: false}]}]`;
        assert.deepEqual(receiversOf(readConfiguration(text)), [
            { name: "nobody", entries: {}, resolving: {} },
            { name: "a", entries: { webhook: 2, email: 1 }, resolving: { webhook: 1 } },
        ]);
    });
});

describe("What became of a test alert", () => {
    const metrics = (asked: number, failed: number) =>
        [
            `alertmanager_notification_requests_total{integration="webhook"} ${asked}`,
            `alertmanager_notification_requests_failed_total{integration="webhook"} ${failed}`,
            `alertmanager_notification_requests_total{integration="email",receiver_name="other"} 7`,
        ].join("\n");
    const [before, after] = [requestsIn(metrics(3, 1), "pager"), requestsIn(metrics(4, 1), "pager")];

    it("is in the metrics, of its own receiver where they tell them apart", () => {
        assert.deepEqual([...after], [["webhook", { asked: 4, failed: 1 }]]);
        assert.equal(isOver({ webhook: 1 }, before, before, []), false);
        assert.equal(isOver({ webhook: 1 }, before, after, []), true);
        assert.equal(isOver({ webhook: 2 }, before, after, []), false);
        assert.equal(isOver({ webhook: 1, email: 1 }, before, after, []), false);
    });

    it("is in the log, where it failed", () => {
        const log = [
            `time=2026-01-31T12:00:00Z level=WARN msg="Notify attempt failed, will retry later" component=dispatcher receiver="the pager" integration=webhook[1] aggrGroup="{}:{alertname=\\"AlertTest\\"}" attempts=1 err="unexpected status code 500: out of order"`,
            `level=ERROR msg="Notify for alerts failed" num_alerts=1 err="the pager/email[0]: notify retry canceled due to unrecoverable error after 1 attempts: \\"x\\" refused"`,
            `level=WARN msg="Notify attempt failed, will retry later" receiver=other integration=slack[0] err=no`,
            `level=INFO msg="Completed loading of configuration file"`,
        ].join("\n");
        const failures = failuresIn(log, "the pager");
        assert.deepEqual(failures, [
            { entry: "webhook[1]", reason: "unexpected status code 500: out of order" },
            {
                entry: "email[0]",
                reason: 'notify retry canceled due to unrecoverable error after 1 attempts: "x" refused',
            },
        ]);
        assert.equal(isOver({ webhook: 2, email: 1 }, before, after, failures), true);
        assert.equal(isOver({ webhook: 2, email: 2 }, before, after, failures), false);
    });
});
