import assert from "node:assert/strict";
import { imported } from "./importing";

/** What `prom/prometheus` runs with where nobody has written anything, in the form that people begin theirs with. */
const standard = `# my global config
global:
  scrape_interval: 15s # Set the scrape interval to every 15 seconds. Default is every 1 minute.
  evaluation_interval: 15s # Evaluate rules every 15 seconds. The default is every 1 minute.
  # scrape_timeout is set to the global default (10s).

# Alertmanager configuration
alerting:
  alertmanagers:
    - static_configs:
        - targets:
          # - alertmanager:9093

# Load rules once and periodically evaluate them according to the global 'evaluation_interval'.
rule_files:
  # - "first_rules.yml"
  # - "second_rules.yml"

scrape_configs:
  # The job name is added as a label \`job=<job_name>\` to any timeseries scraped from this config.
  - job_name: "prometheus"

    # metrics_path defaults to '/metrics'
    # scheme defaults to 'http'.

    static_configs:
      - targets: ["localhost:9090"]
        labels:
          app: "prometheus"
    scrape_native_histograms: true
`;

describe("The configuration that comes with Prometheus", () => {
    it("moves whole, and nothing is another one", () => {
        const { text, lost, differences } = imported(standard);
        assert.deepEqual(lost, []);
        assert.deepEqual(differences, ['job "node_exporter" is new: a stack watches this of its own accord']);
        assert.match(text, /scrapeJob:\n {4}scrapeNativeHistograms: true\n {4}labels:\n {6}app: "prometheus"\n/);
        assert.match(text, /scrapeInterval: 15s # Set the scrape interval/);
    });
});
