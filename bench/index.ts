import { ToolError } from "../toolchain/process";
import { say } from "../toolchain/progress";
import { benchPreview } from "./preview";
import { benchScale } from "./scale";
import { benchTargets } from "./targets";

/**
 * All benchmarks. Ctrl-C ends the command that is running, and with it the benchmark, which then cleans up as after any
 * other failure: without a listener the signal would end this process at once.
 */
export async function bench(): Promise<number> {
    const interruption = new AbortController();
    const interrupt = () => {
        say("Interrupted: removing what the benchmark made ...");
        interruption.abort(new ToolError("The benchmark was interrupted."));
    };
    const signals = ["SIGINT", "SIGTERM"] as const;
    signals.forEach((signal) => process.on(signal, interrupt));
    try {
        await benchPreview(interruption.signal);
        await benchTargets(interruption.signal);
        await benchScale(interruption.signal);
        return 0;
    } catch (error) {
        // What the interrupted command said of it is of no interest.
        throw interruption.signal.aborted ? interruption.signal.reason : error;
    } finally {
        signals.forEach((signal) => process.off(signal, interrupt));
    }
}
