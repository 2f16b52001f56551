import type { Mode } from "../../config/schema/mode";

/** What is different for an agent. */

/** Whether the dashboards are pages of it: an agent has no samples to draw. */
export const hasConsoles = ({ mode, consoles }: { readonly mode: Mode; readonly consoles: boolean }): boolean =>
    consoles && mode === "server";

/** The output by which the next deployment knows that it was one. */
export const modeOutput = "prometheusMode";

/** @param outputs those of the last deployment */
export const modeChange = (mode: Mode, outputs: Readonly<Record<string, unknown>>): string | undefined =>
    mode === "agent" && outputs.prometheusUrl !== undefined && outputs[modeOutput] === undefined
        ? "metrics-stack:prometheus.mode: Prometheus becomes an agent, which evaluates no rules and answers no queries. The samples " +
          "that it has stay in their volume, and a server finds them there again (docs/fleets.md)"
        : undefined;
