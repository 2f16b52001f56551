import { alertmanager } from "./alertmanager";
import { blackboxExporter } from "./blackboxExporter";
import { door } from "./door";
import { grafana } from "./grafana";
import { nodeExporter } from "./nodeExporter";
import type { Part } from "./part";
import { prometheus } from "./prometheus";
import { webBe } from "./webBe";

/** The parts of a stack. Their order is that of the jobs in prometheus.yml: a new part goes to the end. */
export const parts: readonly Part[] = [prometheus, alertmanager, nodeExporter, webBe, grafana, blackboxExporter, door];
