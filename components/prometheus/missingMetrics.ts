import { metricsMissing } from "../../config/render/rules/application";

interface Rule {
    readonly query: string;
    readonly annotations: { readonly summary: string };
}
interface Sample {
    readonly metric: Readonly<Record<string, string>>;
}
/** Asks Prometheus' API for several paths, e.g. "query?query=up", and gives the data of each. */
type Ask = (paths: readonly string[]) => Readonly<Record<string, unknown>>;

const rulesPath = `rules?type=alert&exclude_alerts=true&rule_name%5B%5D=${metricsMissing}`;

/** The most jobs that are asked about: each is three questions at most. */
const most = 50;

/**
 * Which applications expose nothing of the counter that their profile names, a sentence each. A counter without a series that is
 * announced (`# TYPE`) only waits for its first request.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/#querying-target-metadata
 */
export function missingMetrics(ask: Ask): string[] {
    const { groups } = ask([rulesPath])[rulesPath] as { groups: readonly { rules: readonly Rule[] }[] };
    const rules = groups.flatMap((group) => group.rules).slice(0, most);
    const query = (rule: Rule) => `query?query=${encodeURIComponent(rule.query)}`;
    const answers = rules.length === 0 ? {} : ask(rules.map(query));
    return rules.flatMap((rule) => {
        const lacking = (answers[query(rule)] as { result: readonly Sample[] }).result;
        return lacking.length === 0 || isAnnounced(ask, rule, lacking[0]?.metric.job ?? "")
            ? []
            : lacking.map(({ metric }) =>
                  rule.annotations.summary.replace(
                      /\{\{ \$labels\.(\w+) \}\}/g,
                      (_, name: string) => metric[name] ?? "",
                  ),
              );
    });
}

function isAnnounced(ask: Ask, { annotations }: Rule, job: string): boolean {
    const name = annotations.summary.split(" ").at(-1) ?? "";
    // OpenMetrics announces a counter and a histogram without these endings.
    const names = [...new Set([name, name.replace(/_(total|count)$/, "")])];
    const target = encodeURIComponent(`{job=${JSON.stringify(job)}}`);
    const paths = names.map((each) => `targets/metadata?limit=1&match_target=${target}&metric=${each}`);
    return Object.values(ask(paths)).some((found) => (found as readonly unknown[]).length > 0);
}
