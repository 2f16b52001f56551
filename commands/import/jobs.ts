import type { Pair, YAMLMap } from "yaml";
import { isMap, isSeq } from "yaml";
import { camelCase } from "../../config/schema/problems";
import { prometheusJobName } from "../../config/schema/scrapeJob";
import { asInContainer } from "./addresses";
import type { Beside } from "./converted";
import { throughProxy } from "./dockerSockets";
import { byJobLabel } from "./jobLabels";
import type { Note } from "./notes";
import { note } from "./notes";
import { ownJob } from "./ownJobs";
import { counted } from "../../toolchain/words";
import { placeholders } from "./placeholders";
import { jobNamed } from "./names";
import { importRules } from "./relabeling";
import { keyOf, listOf, taken } from "./source";
import type { ListFolders } from "./targetLists";
import { targetLists } from "./targetLists";
import { importTargets, targetsIn } from "./targets";
import type { Schema } from "./words";
import { declare, rename, shapeOf, strange } from "./words";

/** What the jobs of all files have in common. */
export interface AllJobs {
    readonly beside: Beside;
    readonly stack: Schema;
    readonly folders: ListFolders;
    readonly say: (said: Note) => void;
}

/** The jobs of a prometheus.yml, and what of them is a part's own job here. */
export function importJobs(pair: Pair, all: AllJobs): Pair[] {
    const { stack, say } = all;
    const jobs = pair.value;
    if (!isSeq(jobs)) {
        strange(pair, "list", say);
        return [];
    }
    const { scrapeJobs } = shapeOf(stack).keys ?? {};
    const schema = scrapeJobs && shapeOf(scrapeJobs).items;
    const ofParts: Pair[] = [];
    jobs.items = jobs.items.flatMap((job) => {
        if (!isMap(job)) {
            return [job]; // Refused later, with its line.
        }
        const { declared, ofPart } = importJob(job, schema, all);
        ofParts.push(...ofPart);
        return declared;
    });
    rename(pair, "scrapeJobs");
    // What is said of a job that another one takes the place of has no effect.
    const isReplaced = jobs.items.some((job) => isMap(job) && job.get("jobName") === prometheusJobName);
    const told = ofParts.filter((part) => !isReplaced || keyOf(part) !== "prometheus");
    return [...(jobs.items.length > 0 ? [pair] : []), ...told];
}

/** @returns the jobs that it becomes in the declaration, and what is said of the part whose job it is */
function importJob(job: YAMLMap, schema: Schema | undefined, { beside, folders, say }: AllJobs) {
    const what = jobNamed(job.get("job_name"));
    const lists = targetLists(job, what, folders, beside, say);
    staticConfigs(job, lists);
    const { isTaken, declaration } = ownJob(job, what, beside, say);
    const ofPart = [...declaration, ...throughProxy(job, what, say)];
    if (isTaken) {
        return { declared: [], ofPart };
    }
    const groups = job.get("static_configs", true);
    placeholders(job).forEach(say);
    importRules(job, what, say);
    withoutTargets(job).forEach((pair) => asInContainer(pair, what, [what], say));
    importTargets(job, groups, what, beside, say);
    withoutEmptyGroups(job);
    const known = Object.keys((schema && shapeOf(schema).keys) ?? {});
    const isStrange = job.items.some((pair) => !known.includes(camelCase(keyOf(pair))));
    const hasDiscovery = job.items.some((pair) => keyOf(pair).endsWith("_sd_configs"));
    if (targetsIn(groups).length === 0 && !hasDiscovery && !isStrange) {
        say(note("changed", job, what, "has no targets, and is left out", [what]));
        return { declared: [], ofPart };
    }
    declare(job, schema, { what, find: beside.find, say });
    const count = targetsIn(groups).length;
    say(note("moved", job, what, count > 0 ? counted(count, "target") : undefined));
    return { declared: byJobLabel(job, what, say), ofPart };
}

/** Targets are addresses of their own, and labels may be anything. */
const withoutTargets = (job: YAMLMap) =>
    job.items.filter((pair) => !/^(static_configs|(metric_)?relabel_configs|params)$/.test(keyOf(pair)));

function withoutEmptyGroups(job: YAMLMap): void {
    const groups = job.get("static_configs", true);
    if (isSeq(groups)) {
        groups.items = groups.items.filter((group) => !isMap(group) || targetsIn(group).length > 0);
        if (groups.items.length === 0) {
            taken(job, "static_configs");
        }
    }
}

/** The groups of a job, those of its lists too. */
function staticConfigs(job: YAMLMap, lists: readonly YAMLMap[]): void {
    const written = job.get("static_configs", true);
    if (!isSeq(written)) {
        const groups = lists.length > 0 ? listOf(lists) : undefined;
        taken(job, "static_configs");
        if (groups) {
            job.set("static_configs", groups);
        }
        return;
    }
    written.items.push(...lists);
}
