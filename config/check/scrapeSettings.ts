import type { LenientDeclaration } from "../schema/part";
import type { Problem } from "../schema/problems";
import { show } from "../schema/problems";
import type { DeclaredJob } from "./targets";

/** What does not go together of a job's settings and those of the stack that it goes by. */
export function settingMistakes(declared: LenientDeclaration): Problem[] {
    const jobs = declared.scrapeJobs ?? [];
    return [
        ...names([], declared, declared),
        ...jobs.flatMap((job = {}, i) => {
            const path = ["scrapeJobs", i];
            const isNamedHere = "metricNameValidationScheme" in job || "metricNameEscapingScheme" in job;
            return [...(isNamedHere ? names(path, job, declared) : []), ...lostBuckets(path, job, declared)];
        }),
    ];
}

type Names = Pick<DeclaredJob, "metricNameValidationScheme" | "metricNameEscapingScheme">;

/**
 * Names that are not accepted cannot be asked for.
 * Source: https://github.com/prometheus/prometheus/blob/v3.13.5/config/config.go (`ScrapeConfig.Validate`)
 */
function names(path: Problem["path"], job: Names, stack: Names): Problem[] {
    const validation = job.metricNameValidationScheme ?? stack.metricNameValidationScheme;
    // The stack's applies where a job says nothing of either.
    const escaping =
        job.metricNameEscapingScheme ??
        ("metricNameValidationScheme" in job ? undefined : stack.metricNameEscapingScheme);
    const message = `${show(escaping)} asks for names that the metricNameValidationScheme ${show(validation)} refuses; write "underscores"`;
    return validation === "legacy" && escaping === "allow-utf-8"
        ? [{ path: [...path, "metricNameEscapingScheme"], message }]
        : [];
}

const conversions = ["convertClassicHistogramsToNhcb", "scrapeNativeHistograms"] as const;

/** The latency of an application, and of Thanos, is read from the buckets of a classic histogram. */
function lostBuckets(path: Problem["path"], job: DeclaredJob, stack: LenientDeclaration): Problem[] {
    const keeps = job.alwaysScrapeClassicHistograms ?? stack.alwaysScrapeClassicHistograms;
    const key = conversions.find((each) => job[each] ?? stack[each]);
    const profile = (["application", "thanos"] as const).find((each) => job[each] !== undefined);
    if (key === undefined || keeps || profile === undefined) {
        return [];
    }
    const message = `takes away the buckets that the alerts and graphs of ${profile} read; write alwaysScrapeClassicHistograms: true beside it`;
    return [{ path: [...(key in job ? path : []), key], message }];
}
