/**
 * What a job has whose targets lead Prometheus' container to itself, which every stack has to scrape. A rule that writes the
 * address says that they are meant; this one writes the same.
 */
export const toItself = { relabelConfigs: [{ sourceLabels: ["__address__"], targetLabel: "__address__" }] };
