import type { Problem } from "../schema/problems";
import { show } from "../schema/problems";
import type { Declaration } from "./read";

/** Two programs in one volume would take each other's files for their own. */
export function sharedVolume({ prometheus, grafana }: Declaration): Problem[] {
    const { enabled, dataVolume } = grafana;
    if (!enabled || dataVolume === undefined || dataVolume !== prometheus.dataVolume) {
        return [];
    }
    const message = `${show(dataVolume)} is already the dataVolume of prometheus; write another one`;
    return [{ path: ["grafana", "dataVolume"], message }];
}
