import { cloudDiscoveries } from "./clouds";
import { hostDiscoveries } from "./hosts";

/** Where a job's targets come from beside those that it declares: a key for each kind of service discovery. */

export { cloudDiscoveries, hostDiscoveries };

export type Discovery = keyof typeof hostDiscoveries | keyof typeof cloudDiscoveries;
export const discoveryKeys = Object.keys({ ...hostDiscoveries, ...cloudDiscoveries }) as Discovery[];

/** Whether there may be more targets than are declared. */
export const isDiscovered = (job: { readonly [Key in Discovery]?: unknown }) => discoveryKeys.some((key) => key in job);

/** What a JSON schema says of who has to have one or the other. */
export const needsTargets = {
    anyOf: ["staticConfigs", ...discoveryKeys].map((key) => ({ properties: { [key]: {} }, required: [key] })),
};
