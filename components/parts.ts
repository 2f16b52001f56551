import { knownParts } from "../config/schema/part";
import { alertmanager } from "./alertmanager";
import { blackboxExporter } from "./blackboxExporter";
import { cadvisor } from "./cadvisor";
import { collector } from "./collector";
import { dockerProxy } from "./dockerProxy";
import { door } from "./door";
import { exporters } from "./exporters";
import { grafana } from "./grafana";
import { nodeExporter } from "./nodeExporter";
import type { Declarable, Part } from "./part";
import { prometheus } from "./prometheus";
import { thanos } from "./thanos";
import { webBe } from "./webBe";

/**
 * What has a key in the stack file. Their order is that of the jobs in prometheus.yml, and who asks another comes after it: a new one
 * goes where it changes the order of no others.
 */
export const declarable: readonly Declarable[] = [
    prometheus,
    alertmanager,
    nodeExporter,
    webBe,
    thanos,
    grafana,
    blackboxExporter,
    door,
    cadvisor,
    dockerProxy,
    collector,
    exporters,
];

/** The parts that a stack has one of. */
export const parts: readonly Part[] = knownParts(declarable);

/** Those with a key of their own. */
export const singleParts: readonly Part[] = parts.filter(({ path }) => path === undefined);
