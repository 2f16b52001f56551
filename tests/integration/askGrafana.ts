import { dataSourceUid } from "../../config/render/dashboards";

/**
 * What Grafana answers to a panel of a dashboard.
 * @param url of Grafana
 * @param password of its administrator
 * @param expr PromQL
 * @returns the value of the first series, or nothing where there is none
 */
export async function askGrafana(url: string, password: string, expr: string): Promise<number | undefined> {
    const query = { refId: "A", datasource: { uid: dataSourceUid }, expr, instant: true };
    const response = await fetch(`${url}/api/ds/query`, {
        method: "POST",
        headers: {
            authorization: `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`,
            "content-type": "application/json",
        },
        body: JSON.stringify({ queries: [query], from: "now-5m", to: "now" }),
    });
    const { results } = (await response.json()) as {
        results: { A: { frames: { data: { values: number[][] } }[] } };
    };
    return results.A.frames[0]?.data.values[1]?.[0];
}
