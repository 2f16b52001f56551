import assert from "node:assert/strict";
import type { AwaitedTarget } from "../../../components/prometheus/scraped";
import { targetsDown } from "../../../commands/up";
import { ended, timeNeeded } from "../../../commands/up/report";

const second = 1000;
const minute = 60 * second;

/** A target of a job that is called after its interval. */
const target = (scrapeInterval: string, health: AwaitedTarget["health"], lastError = ""): AwaitedTarget => ({
    ...{ scrapePool: `every-${scrapeInterval}`, scrapeUrl: "http://a:1/metrics", health, lastError },
    ...{ scrapeInterval, scrapeTimeout: "10s" },
});

describe("npm run up", () => {
    it("waits for the first scrape as long as the slowest new job needs", () => {
        assert.equal(timeNeeded([target("15s", "unknown")]), 90 * second);
        assert.equal(timeNeeded([target("2m", "unknown"), target("15s", "down")]), 130 * second);
        assert.equal(timeNeeded([target("5m", "unknown"), target("1h30m", "down")]), 310 * second);
        assert.equal(timeNeeded([target("10m", "unknown"), target("4m", "unknown")]), 610 * second);
    });

    it("waits no longer for a target that was scraped, and is down", () => {
        assert.equal(timeNeeded([target("10m", "down")]), 90 * second);
        assert.equal(timeNeeded([]), 90 * second);
    });

    it("waits a quarter of an hour for a job that is scraped once a day, whose targets are then no failure", () => {
        const rare = [target("1d", "unknown"), target("15s", "up")];
        assert.equal(timeNeeded(rare), 15 * minute);
        assert.deepEqual(ended(rare, 15 * minute + second), { targets: rare });
    });

    it("says which targets are missing: those that are down, and those that should have been scraped by now", () => {
        const targets = [
            target("15s", "up"),
            target("30s", "down", "connection refused"),
            target("1m", "unknown"),
            target("1h", "unknown"),
        ];
        assert.equal(
            ended(targets, 15 * minute).missing,
            [
                "The stack is deployed, but after 15m these targets are not up: every-1m, every-30s.",
                "  every-30s  http://a:1/metrics  connection refused",
                "  every-1m   http://a:1/metrics",
            ].join("\n"),
        );
    });

    it("lists no hundred thousand of them", () => {
        const { missing } = ended(new Array<AwaitedTarget>(100_000).fill(target("15s", "down")), 91 * second);
        assert.match(
            missing ?? "",
            /^The stack is deployed, but after 1m31s .*: every-15s\.\n( .*\n){20} {2}and 99980 more$/,
        );
    });

    it("fails where Prometheus does not answer at all", () => {
        assert.throws(() => ended([], 91 * second), /^Error: The stack .* after 1m31s Prometheus does not answer\.$/);
    });

    it("ends with a status that Pulumi has not where targets are down", () => {
        // Those of the CLI: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/util/cmdutil/exit.go
        assert.ok(targetsDown > 9 && targetsDown < 126);
    });
});
