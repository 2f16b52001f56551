import type { Receiver } from "./facts";

/** The newest sample that there is; and by the receivers' names the newest that waits, the newest that was taken, and how many were refused. */
const [newest, queued, sent, ...refused] = [
    "prometheus_remote_storage_highest_timestamp_in_seconds",
    "prometheus_remote_storage_queue_highest_timestamp_seconds",
    "prometheus_remote_storage_queue_highest_sent_timestamp_seconds",
    "prometheus_remote_storage_samples_failed_total",
    "prometheus_remote_storage_histograms_failed_total",
] as const;

export const sendingMetrics: readonly string[] = [newest, queued, sent, ...refused];

const line = /^(prometheus_remote_storage_\w+)(?:\{.*remote_name=("(?:[^"\\]|\\.)*").*\})? (\S+)$/gm;

/** @param metrics lines as Prometheus exposes them */
export function receiversOf(metrics: string): Receiver[] {
    const found = [...metrics.matchAll(line)].map(([, metric = "", name, value]) => ({
        ...{ metric, name: name && (JSON.parse(name) as string), value: Number(value) },
    }));
    const valueOf = (metric: string, name?: string) =>
        found.find((each) => each.metric === metric && each.name === name)?.value ?? 0;
    // One whose rules leave out every sample is sent nothing, and one that is sent few is not behind while none waits.
    const names = found.flatMap(({ name, metric, value }) =>
        metric === queued && name !== undefined && value > 0 ? [name] : [],
    );
    return names.sort().map((name) => {
        const [waiting, taken] = [valueOf(queued, name), valueOf(sent, name)];
        const behind = waiting > taken ? Math.max(waiting, valueOf(newest)) - taken : 0;
        const secondsBehind = taken === 0 ? null : behind;
        return { name, secondsBehind, refused: refused.reduce((sum, metric) => sum + valueOf(metric, name), 0) };
    });
}
