import { alertmanager } from "./alertmanager";
import { blackboxExporter } from "./blackboxExporter";
import { cadvisor } from "./cadvisor";
import { collector } from "./collector";
import { dockerProxy } from "./dockerProxy";
import { door } from "./door";
import { exporters } from "./exporters";
import { grafana } from "./grafana";
import { nodeExporter } from "./nodeExporter";
import type { Part, PartList } from "./part";
import { prometheus } from "./prometheus";
import { webBe } from "./webBe";

/** The parts that a stack has one of. Their order is that of the jobs in prometheus.yml: a new part goes to the end. */
export const parts: readonly Part[] = [
    prometheus,
    alertmanager,
    nodeExporter,
    webBe,
    grafana,
    blackboxExporter,
    door,
    cadvisor,
    dockerProxy,
    collector,
];

/** What has a key in the stack file: the parts, and the lists that have any number of them. */
export const declarable: readonly (Part | PartList)[] = [...parts, exporters];
