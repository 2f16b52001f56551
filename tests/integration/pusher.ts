import { setTimeout as sleep } from "node:timers/promises";

/** How long an application waits between two pushes, in milliseconds. */
const interval = 100;

/** Pushes a counter by OTLP, a sample at a time, and each until it was taken: as OpenTelemetry's SDKs do. */
export class Pusher {
    private pushed = 0;
    private isPaused = true;
    private going: Promise<void> = Promise.resolve();

    /** @param endpoint where OTLP is taken by HTTP, e.g. "http://127.0.0.1:4318" */
    constructor(private readonly endpoint: string) {}

    public begin(): void {
        this.isPaused = false;
        this.going = this.go();
    }

    /** @returns how many samples were taken since the beginning */
    public async pause(): Promise<number> {
        this.isPaused = true;
        await this.going;
        return this.pushed;
    }

    private async go(): Promise<void> {
        while (!this.isPaused) {
            const body = JSON.stringify(request(Date.now(), this.pushed + 1));
            while (!(await this.isTaken(body))) {
                await sleep(interval);
            }
            this.pushed += 1;
            await sleep(interval);
        }
    }

    private async isTaken(body: string): Promise<boolean> {
        try {
            const headers = { "Content-Type": "application/json" };
            const signal = AbortSignal.timeout(5000);
            const answer = await fetch(`${this.endpoint}/v1/metrics`, { method: "POST", headers, body, signal });
            return answer.ok;
        } catch {
            return false;
        }
    }
}

/** Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
const request = (milliseconds: number, count: number) => ({
    resourceMetrics: [
        {
            resource: { attributes: [{ key: "service.name", value: { stringValue: "pusher" } }] },
            scopeMetrics: [{ metrics: [{ name: "pushed", sum: sum(milliseconds, count) }] }],
        },
    ],
});

const sum = (milliseconds: number, count: number) => ({
    ...{ aggregationTemporality: 2, isMonotonic: true },
    dataPoints: [{ timeUnixNano: `${milliseconds}000000`, asInt: String(count) }],
});
