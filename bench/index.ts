import { ToolError } from "../toolchain/process";
import { say } from "../toolchain/progress";
import { benchContainers } from "./containers";
import { benchFleet } from "./fleet";
import { benchPages } from "./pages";
import { benchPreview } from "./preview";
import { benchScale } from "./scale";
import { benchSeries } from "./series";
import { benchTargets } from "./targets";

/** The benchmarks, in the order in which they run. */
export const benchmarks = {
    preview: benchPreview,
    targets: benchTargets,
    scale: benchScale,
    series: benchSeries,
    fleet: benchFleet,
    pages: benchPages,
    containers: benchContainers,
};

export type Benchmark = keyof typeof benchmarks;

/**
 * Ctrl-C ends the command that is running, and with it the benchmark, which then cleans up as after any other failure: without a
 * listener the signal would end this process at once.
 */
export async function bench(chosen: readonly Benchmark[]): Promise<void> {
    const interruption = new AbortController();
    const interrupt = () => {
        say("Interrupted: removing what the benchmark made ...");
        interruption.abort(new ToolError("The benchmark was interrupted."));
    };
    const signals = ["SIGINT", "SIGTERM"] as const;
    signals.forEach((signal) => process.on(signal, interrupt));
    try {
        for (const name of chosen) {
            await benchmarks[name](interruption.signal);
        }
    } catch (error) {
        // What the interrupted command said of it is of no interest.
        throw interruption.signal.aborted ? interruption.signal.reason : error;
    } finally {
        signals.forEach((signal) => process.off(signal, interrupt));
    }
}
