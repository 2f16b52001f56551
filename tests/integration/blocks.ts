import assert from "node:assert/strict";
import type { Checkout } from "./checkout";
import { docker } from "./checkout";

/** Has a stack's Prometheus have blocks, as if it had scraped a metric with the value 42 at these times, in Unix seconds. */
export async function makeBlocks(checkout: Checkout, metric: string, times: readonly number[]): Promise<void> {
    const samples = `# TYPE ${metric} gauge\n${times.map((time) => `${metric} 42 ${time}\n`).join("")}# EOF\n`;
    const make = "cat > made && TMPDIR=. promtool tsdb create-blocks-from openmetrics made . && rm made";
    const { status, text } = await checkout.run(
        "docker",
        ["exec", "--interactive", "--workdir", "/prometheus", checkout.container("prometheus"), "sh", "-c", make],
        samples,
    );
    assert.equal(status, 0, text);
}

/** @returns how many blocks the bucket of a stack has */
export function blocksInBucket(checkout: Checkout): number {
    const list = ["thanos", "tools", "bucket", "ls", "--objstore.config-file=/etc/thanos/secrets/objectStorage.yml"];
    const blocks = docker("exec", checkout.container("thanos-sidecar"), ...list);
    return blocks.match(/^[0-9A-Z]{26}$/gm)?.length ?? 0;
}
