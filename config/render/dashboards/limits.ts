import * as units from "@grafana/grafana-foundation-sdk/units";
import type { ScrapeJob } from "../../schema/scrapeJob";
import type { StackConfig } from "../../schema/stack";
import { formatDuration } from "../../schema/units";
import { rulesOf } from "../rules";
import type { AlertRule, RuleLimit, RuleSettings } from "../rules/rule";

/** From a value on, a colour; the first one begins below all values. */
export interface Step {
    readonly value: number | null;
    readonly color: string;
}

/** A value that a panel's series should not pass: a line in the graph, and a sentence in its description. */
export interface Limit {
    /** Where the colour changes. Empty where no line holds for all jobs. */
    readonly steps: readonly Step[];
    /** What the graph shows at least, so that the distance to the line is seen. @default as much as the series take */
    readonly shownUpTo?: number | undefined;
    readonly sentence: string;
    /** Where it is written what to do. */
    readonly runbook?: { readonly alert: string; readonly url: string };
}

/** An alert that watches what a panel shows. */
export interface WatchingAlert {
    /** Its name, e.g. "HostCpuBusy". */
    readonly alert: string;
    /** Which of the panel's series it is about, e.g. "stalled". @default all of them */
    readonly series?: string;
    readonly unit: string;
}

type AlertSettings = Pick<StackConfig, "alerts">;
type Severity = keyof typeof colors;
type Level = RuleLimit & { readonly severity: Severity };

/** The colours of an alert's severities. */
export const colors = { info: "blue", warning: "orange", critical: "red" };

/**
 * Finds the limits of alerts, in the rules of the jobs that a dashboard is about. Where they differ in one, no line would be
 * true for all of them: the description names each job's own.
 * @returns undefined of an alert that is disabled
 */
export function limitsOf(
    settings: RuleSettings,
    jobs: readonly ScrapeJob[],
): (watching: WatchingAlert) => Limit | undefined {
    const rules = jobs.map((job) => rulesOf(settings, job));
    return ({ alert, series, unit }) => {
        const levels = rules.map((ofJob) => ofJob.filter((rule) => rule.alert === alert).flatMap(levelOf));
        const passes = levels.flat()[0]?.passes;
        if (passes === undefined) {
            return undefined;
        }
        const textOf = (own: readonly Level[]) =>
            own.map(({ severity, value }) => show(value, unit) + (own.length > 1 ? ` (${severity})` : "")).join(" or ");
        const texts = levels.map(textOf);
        const jobsWith = (text: string) => jobs.filter((_, i) => texts[i] === text).map(({ jobName }) => jobName);
        const different = [...new Set(texts)];
        const agreed = different.length === 1 ? levels[0] : undefined;
        const limit = agreed
            ? different[0]
            : different.map((text) => `${text} for ${jobsWith(text).join(", ")}`).join("; ");
        const subject = series === undefined ? "" : `when ${series} is `;
        return watch(settings, alert, {
            sentence: `The alert ${alert} fires ${subject}${passes} ${limit}.`,
            steps: agreed ? steps(passes, agreed) : [],
            shownUpTo: agreed && passes === "above" ? agreed[0]?.value : undefined,
        });
    };
}

/** In a graph of what an alert watches, information is a warning too: a line in another colour would be taken for no limit. */
const levelOf = ({ limit, severity }: AlertRule): Level[] =>
    limit === undefined ? [] : [{ ...limit, severity: severity === "critical" ? "critical" : "warning" }];

/** Says that an alert watches what a panel shows, where the limit is not one of the panel's values. */
export function watchedBy(settings: AlertSettings, alert: string): Limit | undefined {
    return watch(settings, alert, { sentence: `The alert ${alert} watches this.`, steps: [] });
}

/** The runbook is a link of the panel where it has an address, and named in the text where it has none. */
function watch({ alerts }: AlertSettings, alert: string, limit: Limit): Limit | undefined {
    if (alerts.disabled.includes(alert)) {
        return undefined;
    }
    const url = `${alerts.runbookUrl}/${alert}.md`;
    return isAddress(alerts.runbookUrl)
        ? { ...limit, runbook: { alert, url } }
        : { ...limit, sentence: `${limit.sentence} Runbook: ${url}.` };
}

/** The place of the runbooks may be a folder of this repository, which is nothing that a browser could open. */
export const isAddress = (runbookUrl: string) => /^https?:\/\//.test(runbookUrl);

/** A limit that no alert watches, such as the memory that a container may use. */
export function fixedLimit(value: number, sentence: string): Limit {
    return { steps: steps("above", [{ severity: "critical", value }]), shownUpTo: value, sentence };
}

/** A limit that a healthy program reaches one day, such as the age of its oldest sample. */
export function normalLimit(value: number, sentence: string): Limit {
    return { steps: steps("above", [{ severity: "info", value }]), sentence };
}

/**
 * A step's line has the colour of the step; below a transparent step it has the colour of the one before. Either way a line
 * has the colour of its severity.
 */
function steps(
    passes: "above" | "below",
    levels: readonly { readonly severity: Severity; readonly value: number }[],
): Step[] {
    const sorted = [...levels].sort((a, b) => a.value - b.value);
    const bad = sorted.map(({ severity }) => colors[severity]);
    const between = passes === "above" ? ["transparent", ...bad] : [...bad, "transparent"];
    return between.map((color, i) => ({ value: sorted[i - 1]?.value ?? null, color }));
}

function show(value: number, unit: string): string {
    switch (unit) {
        case units.PercentUnit:
            return percent(value);
        case units.Seconds:
            return formatDuration(Math.round(1000 * value));
        default:
            return String(value);
    }
}

/** 0.95 is "95 %". */
export const percent = (ratio: number) => `${Number((100 * ratio).toPrecision(12))} %`;
