import { parse } from "yaml";
import { renderRuleFiles } from "../../../../config/render/rules";
import { toYaml } from "../../../../config/render/yaml";
import { formatDuration } from "../../../../config/schema/units";
import { stackWith } from "./case";
import type { Steady } from "./steady";
import { steady } from "./steady";

/** How often is scraped and evaluated, in milliseconds. */
interface Intervals {
    readonly scrape: number;
    readonly evaluation: number;
    /** Every fourth scrape of each target fails. */
    readonly fails?: true;
}

const [second, minute] = [1000, 60_000];
const hour = 60 * minute;
const all: readonly Intervals[] = [
    { scrape: 15 * second, evaluation: 2 * minute },
    { scrape: minute, evaluation: 2 * minute },
    { scrape: minute, evaluation: 2 * minute, fails: true },
    { scrape: 4 * minute, evaluation: 2 * minute },
    { scrape: 10 * minute, evaluation: 2 * minute },
    { scrape: 10 * minute, evaluation: 2 * minute, fails: true },
    { scrape: hour, evaluation: 10 * minute },
    { scrape: 15 * second, evaluation: 10 * minute },
    { scrape: minute, evaluation: hour },
    { scrape: hour, evaluation: hour },
];

/** In how much of the end of a world an alert has to fire all the time. */
const end = hour;
/** How long a world lasts: as many scrapes as the rules look back over, and the longest that an alert waits for. */
const horizon = ({ scrape, evaluation }: Intervals) => (Math.max(scrape, evaluation) < hour ? 6 : 30) * hour;

/** Promtool's tests of all rules, by what they are about: for each rule a target that it is for, and one that is fine. */
export const everyInterval = () =>
    all.map((intervals): [about: string, files: Readonly<Record<string, string>>] => {
        const [scrape, evaluation] = [intervals.scrape, intervals.evaluation].map(formatDuration);
        const { settings, jobs } = stackWith({ scrapeInterval: scrape, evaluationInterval: evaluation });
        const rules = Object.entries(renderRuleFiles(settings, jobs)).map(([name, text]) => [
            name.replace("/", "-"),
            withoutAnnotations(text),
        ]);
        const failing = intervals.fails ? " with every fourth scrape in vain" : "";
        return [
            `scraped every ${scrape}${failing} and evaluated every ${evaluation}`,
            {
                ...Object.fromEntries(rules),
                "test.yml": toYaml(
                    worldOf(
                        intervals,
                        rules.map(([name]) => name ?? ""),
                    ),
                ),
            },
        ];
    });

/** Expanding them is most of promtool's work. */
function withoutAnnotations(text: string): string {
    const { groups } = parse(text) as { groups: { name: string; rules: Record<string, unknown>[] }[] };
    return toYaml({
        groups: groups.map(({ name, rules }) => ({ name, rules: rules.map(({ annotations: _, ...rule }) => rule) })),
    });
}

function worldOf(intervals: Intervals, ruleFiles: readonly string[]) {
    const { scrape, evaluation, fails } = intervals;
    // Where scrapes fail anyway, none is about a target that is down.
    const rules = steady.filter(({ broken }) => !fails || (broken.up ?? "1") === "1");
    return {
        rule_files: ruleFiles,
        evaluation_interval: formatDuration(evaluation),
        tests: [
            {
                interval: formatDuration(scrape),
                input_series: rules.flatMap((each) => [
                    ...seriesOf(each, "broken", intervals),
                    ...seriesOf(each, "fine", intervals),
                ]),
                promql_expr_test: rules.flatMap((each) => [
                    expectation(each, "broken", intervals),
                    expectation(each, "fine", intervals),
                ]),
            },
        ],
    };
}

type State = "broken" | "fine";
const instanceOf = ({ alert, severity }: Steady, state: State) => `${alert}-${severity}-${state}`;

function expectation(each: Steady, state: State, intervals: Intervals) {
    const { alert, severity } = each;
    const range = state === "broken" ? end : horizon(intervals);
    // An alert about a job as a whole names no instance.
    const whom = "job" in each[state] ? `job="${each[state].job}"` : `instance="${instanceOf(each, state)}"`;
    const firing = `ALERTS{alertname="${alert}", severity="${severity}", ${whom}, alertstate="firing"}`;
    return {
        expr: `sum(count_over_time(${firing}[${formatDuration(range)}]))`,
        eval_time: formatDuration(horizon(intervals)),
        exp_samples: state === "broken" ? [{ labels: "{}", value: end / intervals.evaluation }] : [],
    };
}

function seriesOf(each: Steady, state: State, intervals: Intervals) {
    const { job, ...values }: Readonly<Record<string, string>> = { job: each.target, ...each[state] };
    return Object.entries(values).map(([name, value]) => {
        const [, metric = "", own = ""] = /^(\w+)(?:\{(.*)\})?$/.exec(name) ?? [];
        const labels = [`job="${job}"`, `instance="${instanceOf(each, state)}"`, own].filter(Boolean).join(", ");
        return { series: `${metric}{${labels}}`, values: valuesOf(metric, value, intervals) };
    });
}

/**
 * A value over time, as promtool writes it: "5" stays, "0+2" grows by 2 a second, "0 then 1" changes once, "5 ends" is gone early
 * enough, "0 0 1" repeats.
 */
function valuesOf(metric: string, text: string, intervals: Intervals): string {
    const { scrape, evaluation, fails } = intervals;
    const count = Math.ceil(horizon(intervals) / scrape);
    const [, from, slope] = /^(-?[\d.]+)([+-][\d.]+)?$/.exec(text) ?? [];
    const step = Number(slope ?? 0) * (scrape / second);
    if (from !== undefined && !fails) {
        return `${from}${step < 0 ? "-" : "+"}${Math.abs(step)}x${count}`;
    }
    const [first, last] = text.split(" then ");
    const pattern = text.split(" ");
    const [, lasting] = /^(\S+) ends$/.exec(text) ?? [];
    // As long before the end as nobody knows whether only a scrape failed, and the alert waits.
    const lasts = horizon(intervals) - end - 4 * scrape - 2 * evaluation - 10 * minute;
    const at = (i: number) => {
        if (lasting !== undefined) {
            return i * scrape < lasts ? lasting : "stale";
        }
        if (from !== undefined) {
            return String(Number(from) + step * i);
        }
        return last === undefined ? pattern[i % pattern.length] : i < 3 ? first : last;
    };
    const failed = metric === "up" ? "0" : "stale";
    return Array.from({ length: count + 1 }, (_, i) => (fails && i % 4 === 3 ? failed : at(i))).join(" ");
}
