import { Network } from "../../components/network";
import { Secret } from "../../config/schema/secret";

/** What the components' tests declare. */

export const stack = "test";
export const labels = [{ label: "metrics-stack.stack", value: stack }];
export const network = () => new Network("network", { stack, subnet: "172.28.7.0/24", gateway: "172.28.7.1" });

/** What every container of the stack has. */
export const common = {
    labels,
    restart: "always",
    readOnly: true,
    capabilities: { drops: ["ALL"] },
    logDriver: "json-file",
    logOpts: { "max-size": "10m", "max-file": "3" },
};

export const prometheusArgs = {
    stack,
    image: "prom/prometheus:v3.13.5",
    port: 9090,
    bindAddress: "127.0.0.1",
    memoryLimit: 2 * 2 ** 30,
    retentionTime: 15 * 86_400_000,
    startTimeout: 300_000,
    consoles: true,
    joinNetworks: ["shop_default"],
    files: { "prometheus.yml": "global: {}\n", "targets/a.yml": "- targets: [a:1]\n" },
    secretFiles: { "a.password": new Secret("hunter2") },
    retainData: true,
    protect: false,
};

export const grafanaArgs = {
    stack,
    image: "grafana/grafana:13.1.3",
    port: 3000,
    bindAddress: "127.0.0.1",
    memoryLimit: 512 * 2 ** 20,
    startTimeout: 300_000,
    files: { "provisioning/datasources/prometheus.yml": "apiVersion: 1\n" },
    retainData: true,
    protect: false,
};

export const alertmanagerArgs = {
    stack,
    image: "prom/alertmanager:v0.34.1",
    port: 9093,
    bindAddress: "127.0.0.1",
    memoryLimit: 256 * 2 ** 20,
    startTimeout: 300_000,
    files: { "alertmanager.yml": "route: {receiver: team}\n" },
    secretFiles: { "team.slack-url": new Secret("hunter2") },
    retainData: true,
    protect: false,
};
