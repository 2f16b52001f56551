import { parts } from "../components/parts";

/** The images that run unless the stack file names others, by the parts' keys. */
export const images = Object.fromEntries(parts.map(({ key, image }) => [key, image.standard])) as Record<
    | "prometheus"
    | "nodeExporter"
    | "alertmanager"
    | "grafana"
    | "blackboxExporter"
    | "door"
    | "cadvisor"
    | "dockerProxy"
    | "collector"
    | "thanos",
    string
>;
