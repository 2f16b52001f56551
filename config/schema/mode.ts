import type { z } from "zod";
import { oneOf } from "./values";

/** Source: https://prometheus.io/docs/prometheus/latest/prometheus_agent/ */
export const modeSchema = oneOf(["server", "agent"])
    .default("server")
    .describe(
        "An `agent` scrapes, sends to `remoteWrite`, and does nothing else: no rules, no queries, no dashboards (docs/fleets.md).",
    );

export type Mode = z.output<typeof modeSchema>;

/** Whether a declaration's Prometheus is an agent: it evaluates no rules, and nobody can ask it for samples. */
export const isAgent = (declared: Readonly<Record<string, unknown>>): boolean =>
    (declared.prometheus as { mode?: unknown } | undefined)?.mode === "agent";

/** Whether a declaration's samples are in one place with those of others: Thanos tells them apart by their external labels. */
export const hasThanos = (declared: Readonly<Record<string, unknown>>): boolean => declared.thanos !== undefined;
