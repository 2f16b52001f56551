import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

export interface Target {
    readonly scrapePool: string;
    readonly scrapeUrl: string;
    readonly health: string;
    readonly lastError: string;
    readonly labels: Record<string, string>;
}

/** What a test asks its Prometheus, at the published port. */
export class PrometheusApi {
    public readonly url: string;

    constructor(public readonly port: number) {
        this.url = `http://127.0.0.1:${port}`;
    }

    public async ask<Data>(path: string): Promise<Data> {
        return (JSON.parse(await this.get(`${this.url}/api/v1/${path}`)) as { data: Data }).data;
    }

    protected async get(url: string): Promise<string> {
        // The moment after a restart may accept a connection that nobody ever answers.
        return (await fetch(url, { signal: AbortSignal.timeout(5000) })).text();
    }

    /** The configuration that it runs with, as YAML. */
    public async config(): Promise<string> {
        return (await this.ask<{ yaml: string }>("status/config")).yaml;
    }

    /** The global scrape interval that it runs with, e.g. "1s": what tests change to tell one configuration from another. */
    public async scrapeInterval(): Promise<string | undefined> {
        return /scrape_interval: (\S+)/.exec(await this.config())?.[1];
    }

    public async targets(): Promise<Target[]> {
        return (await this.ask<{ activeTargets: Target[] }>("targets?state=active")).activeTargets;
    }

    /** "job health" of every target, sorted. */
    public async health(): Promise<string[]> {
        return (await this.targets()).map(({ scrapePool, health }) => `${scrapePool} ${health}`).sort();
    }

    /** The series that an expression gives, each with its value. */
    public async query(expression: string): Promise<{ metric: Record<string, string>; value: number }[]> {
        const { result } = await this.ask<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(
            `query?query=${encodeURIComponent(expression)}`,
        );
        return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    }

    public async becomesReady(): Promise<void> {
        await eventually(30_000, async () => {
            const response = await fetch(`${this.url}/-/ready`, { signal: AbortSignal.timeout(2000) });
            assert.equal(response.status, 200);
        });
    }
}

/** A Prometheus whose port is out of reach: it is asked from inside its container. */
export class PrometheusInside extends PrometheusApi {
    constructor(
        private readonly docker: (...args: string[]) => string,
        private readonly container: string,
    ) {
        super(9090);
    }

    protected override get(url: string): Promise<string> {
        return Promise.resolve(this.docker("exec", this.container, "wget", "-q", "-O-", url));
    }
}

/** Tries until it works. @throws the last failure, when the time is up */
export async function eventually(milliseconds: number, attempt: () => Promise<void>): Promise<void> {
    for (const deadline = Date.now() + milliseconds; ; await sleep(200)) {
        try {
            return await attempt();
        } catch (error) {
            if (Date.now() > deadline) {
                throw error;
            }
        }
    }
}
