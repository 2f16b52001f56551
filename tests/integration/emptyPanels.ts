import type { Dashboard } from "../config/render/dashboards";
import { panelsOf, selectorIn, sent } from "../config/render/dashboards";
import { mayBeEmpty } from "./mayBeEmpty";
import type { PrometheusApi } from "./prometheusApi";

/**
 * The queries of a dashboard's panels that a real Prometheus answers with nothing, those apart that may be empty.
 * @throws where there is nothing to choose for one of its variables
 */
export async function emptyPanels(prometheus: PrometheusApi, dashboard: Dashboard): Promise<string[]> {
    const values = await valuesOf(prometheus, dashboard);
    const empty: string[] = [];
    for (const { title, targets } of panelsOf(dashboard)) {
        for (const { refId, expr } of targets) {
            const query = sent(dashboard, expr, values);
            const found = await prometheus.query(query);
            const shown = found.filter(({ value }) => Number.isFinite(value));
            if (shown.length === 0 && !(`${dashboard.title}: ${title}` in mayBeEmpty)) {
                empty.push(`${dashboard.title}: ${title} ${refId}: ${query}`);
            }
        }
    }
    return empty;
}

/** What the variables of a dashboard stand for, found as Grafana finds it; one may depend on those before it. */
async function valuesOf(prometheus: PrometheusApi, dashboard: Dashboard): Promise<Record<string, string>> {
    const values: Record<string, string> = {};
    for (const { name, query } of dashboard.templating.list) {
        const selector = encodeURIComponent(selectorIn(sent(dashboard, query.query, values)));
        const found = await prometheus.ask<readonly string[]>(`label/${name}/values?match[]=${selector}`);
        if (found.length === 0) {
            throw new Error(`${dashboard.title}: nothing to choose for ${name}`);
        }
        values[name] = `(${found.join("|")})`;
    }
    return values;
}
