import assert from "node:assert/strict";
import { memoryWarning } from "../../../components/prometheus/memory";
import { publishedJob } from "../../../config/render/job";

describe("The memory limit of Prometheus", () => {
    const jobs = (targets: number) => [
        publishedJob("prometheus", "localhost:9090"),
        {
            ...publishedJob("hosts", "host:9100"),
            staticConfigs: [{ targets: Array.from({ length: targets }, (_, i) => `host-${i}:9100`), labels: {} }],
        },
    ];
    const gigabytes = 2 ** 30;

    it("holds what most stacks have, by default", () =>
        assert.equal(memoryWarning(2 * gigabytes, jobs(60_000)), undefined));

    it("is said to be too small for 100,000 targets, with one that is not", () => {
        assert.equal(
            memoryWarning(2 * gigabytes, jobs(100_000)),
            "metrics-stack:prometheus.memoryLimit: 2GiB do not hold 100001 targets: they need 3GiB118MiB before their first " +
                'sample; write at least "4GB"',
        );
        assert.equal(memoryWarning(4 * gigabytes, jobs(100_000)), undefined);
    });
});
