/**
 * Prometheus' API, from the page that it serves: a folder above, wherever a proxy puts both.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/
 */
const api = "../api/v1/";

/** How many questions are with Prometheus at a time. */
const atOnce = 4;

export interface Series {
    readonly metric: Readonly<Record<string, string>>;
    readonly value?: readonly [number, string];
    readonly values?: readonly (readonly [number, string])[];
}

/** Why there is no answer, in Prometheus' words where they are its own. */
export class Refused extends Error {}

const waiting: (() => void)[] = [];
let running = 0;

/** @param question e.g. "query"; only what GET may ask @throws {Refused} */
export async function ask<Data>(
    question: string,
    parameters: Readonly<Record<string, string>>,
    signal: AbortSignal,
): Promise<Data> {
    await turn();
    try {
        signal.throwIfAborted();
        return await answer<Data>(`${api}${question}?${new URLSearchParams(parameters)}`, signal);
    } finally {
        running--;
        waiting.shift()?.();
    }
}

async function turn(): Promise<void> {
    while (running >= atOnce) {
        await new Promise<void>((resolve) => waiting.push(resolve));
    }
    running++;
}

async function answer<Data>(address: string, signal: AbortSignal): Promise<Data> {
    const response = await fetch(address, { signal }).catch((error: unknown) => {
        signal.throwIfAborted();
        throw new Refused(`Prometheus does not answer (${error instanceof Error ? error.message : "no connection"}).`);
    });
    const said = await response.json().catch(() => undefined);
    if (said?.status !== "success") {
        throw new Refused(said?.error ?? `Prometheus answered ${response.status} ${response.statusText}.`);
    }
    return said.data;
}
