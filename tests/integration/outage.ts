import { setTimeout as sleep } from "node:timers/promises";
import { parseDuration } from "../../config/schema/units";
import { docker } from "./checkout";

/** How long an outage lasts, in milliseconds, where it is to be longer than a run of all tests has time for: "10m". */
const given = parseDuration(process.env.METRICS_STACK_OUTAGE ?? "");

/** As much longer a test with an outage may take, in milliseconds. */
export const moreTime = given ?? 0;

/** In seconds since 1970. */
export interface Span {
    readonly begin: number;
    readonly end: number;
}

/**
 * Has a container gone for a while.
 * @param usual for how long, in milliseconds
 * @param meanwhile what is done then; where it takes longer, so does the outage
 * @returns when it was gone
 */
export async function outage(container: string, usual: number, meanwhile = () => Promise.resolve()): Promise<Span> {
    docker("stop", container);
    const began = Date.now();
    await meanwhile();
    await sleep(Math.max(0, (given ?? usual) - (Date.now() - began)));
    docker("start", container);
    return { begin: Math.floor(began / 1000), end: Math.ceil(Date.now() / 1000) };
}

/** Says what was counted, where somebody asked for a longer one. */
export function tell(counted: string): void {
    if (given !== undefined) {
        console.log(`      ${counted}`);
    }
}
