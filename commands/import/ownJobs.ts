import type { Node } from "yaml";
import { isMap, Pair, Scalar, visit, YAMLMap } from "yaml";
import { singleParts as parts } from "../../components/parts";
import { isOwnHost, splitHostPort } from "../../config/schema/hosts";
import { httpClientKeys } from "../../config/schema/httpClient";
import { isOn } from "../../config/schema/part";
import { camelCase } from "../../config/schema/problems";
import { itself } from "../../config/schema/scrapeJob";
import type { Beside } from "./converted";
import { jobNamed } from "./names";
import type { Note } from "./notes";
import { note } from "./notes";
import { isUnfilled } from "./placeholders";
import { keyOf, listOf, mapOf, mapsIn, textOf } from "./source";
import { targetsIn } from "./targets";
import { declare, shapeOf } from "./words";

/** The jobs that every stack has of its own: what scrapes the same is not declared again. */

type Part = (typeof parts)[number];

/** What a job is here. */
export interface OwnJob {
    /** Whether the part's own job takes its place. */
    readonly isTaken: boolean;
    /** What is said of the part because of it. */
    readonly declaration: readonly Pair[];
}

export function ownJob(job: YAMLMap, what: string, beside: Beside, say: (said: Note) => void): OwnJob {
    const targets = targetsIn(job.get("static_configs", true)).map((target) => textOf(target) ?? "");
    const name = textOf(job.get("job_name", true));
    const namesake = parts.find(({ jobName }) => jobName !== undefined && jobName === name);
    const answering = new Set(targets.map((target) => beside.partAt(target)));
    const [key] = answering.size === 1 && asksMetrics(job) ? answering : [];
    const part = namesake && isItsOwn(namesake, targets, key) ? namesake : parts.find((each) => each.key === key);
    const staysWhole = part === namesake && part?.mayBeRedeclared && saysMore(part, job);
    if (part?.jobName !== undefined && !staysWhole) {
        return { isTaken: true, declaration: [settings(part, job, what, targets[0] ?? "", say)] };
    }
    if (namesake?.mayBeRedeclared) {
        const isOwn = (target: string) => part === namesake || beside.partAt(target) === namesake.key;
        takeItsPlace(namesake, job, isOwn, what, say);
        return { isTaken: false, declaration: [] };
    }
    return {
        isTaken: false,
        declaration: namesake && isOnAnyway(namesake) ? [turnedOff(namesake, job, what, say)] : [],
    };
}

/** Behind another path is something else, such as the samples for a federation. */
const asksMetrics = (job: YAMLMap) => (textOf(job.get("metrics_path", true)) ?? "/metrics").endsWith("/metrics");

/** Two jobs cannot have one name. */
function turnedOff(part: Part, job: YAMLMap, what: string, say: (said: Note) => void): Pair {
    say(note("changed", job, what, `has the name of the job of the stack's own ${part.title}, which is off for it`));
    return new Pair(new Scalar(part.key), mapOf({ enabled: false }));
}

/** Whether a job has what the part's own cannot be told, and is asked for as that one is. */
function saysMore(part: Part, job: YAMLMap): boolean {
    const [more, isPlain] = [untold(part, job), textOf(job.get("scheme", true)) !== "https"];
    const isUsual = (textOf(job.get("metrics_path", true)) ?? "/metrics") === "/metrics";
    return isPlain && isUsual && more.length > 0 && more.every((key) => !(camelCase(key) in httpClientKeys("")));
}

/** In the job that takes the place of the part's own, the part is watched as in that. @param isOwn whether a target is the part */
function takeItsPlace(
    part: Part,
    job: YAMLMap,
    isOwn: (target: string) => boolean,
    what: string,
    say: (said: Note) => void,
): void {
    const groups = job.get("static_configs", true);
    const [all, rules] = [targetsIn(groups), mapsIn(job.get("relabel_configs", true))];
    const own = all.filter((target) => isOwn(textOf(target) ?? ""));
    for (const target of own.filter((each) => textOf(each) !== itself)) {
        const words = `${textOf(target)} is ${itself} now, as ${part.title} calls itself`;
        say(note(isSure(textOf(target) ?? "") ? "changed" : "decide", target, what, words, [what]));
        target.value = itself;
    }
    const isAsked = all.length > 0 || job.items.some((pair) => keyOf(pair).endsWith("_sd_configs"));
    const isFree = rules.some((rule) => textOf(rule.get("target_label", true)) === "__address__");
    if (own.length === 0 && isAsked && !isFree) {
        const group = mapOf({ targets: [itself] });
        job.set("static_configs", listOf([...mapsIn(groups), group]));
        const words = `takes the place of the stack's own, and scrapes ${itself} too: every stack watches its ${part.title}`;
        say(note("changed", job, what, words, [what]));
    }
}

/** Whether a stack has it without being told. */
export const isOnAnyway = (part: Part) => isOn({ [part.key]: part.settings.parse(undefined) }, part);

const hasSetting = ({ settings: schema }: Part, key: string) => Object.hasOwn(shapeOf(schema).keys ?? {}, key);

/**
 * A job with a part's name scrapes the part where nobody filled in what it scrapes, or where it is one target that looks like it: a
 * Prometheus calls itself by any of its addresses, and other hosts have a node_exporter too.
 */
function isItsOwn(part: Part, [target = "", ...others]: readonly string[], key: string | undefined): boolean {
    const isPlaceholder = isUnfilled(target) && standsAlone(part);
    const isHere = !hasSetting(part, "enabled") || !isElsewhere(target);
    const isUsual = isOnAnyway(part) && target.endsWith(`:${portOf(part)}`) && isHere;
    return others.length === 0 && (key === part.key || isPlaceholder || isUsual);
}

/** An address or a whole name may be any machine. */
const isElsewhere = (target: string) => /\.\w+:/.test(target) && !isOwnHost(splitHostPort(target).host);

/** Whether it has to be this host's. */
const isSure = (target: string) => !isElsewhere(target) && !isUnfilled(target);

/** Whether a part runs without being told anything. */
const standsAlone = (part: Part) =>
    (part.check?.({ [part.key]: { enabled: true } } as never, {} as never) ?? []).length === 0;

const portOf = ({ settings: schema }: Part) => (schema.parse(undefined) as { port?: number }).port;

/** What a job says that the part's own can be told too. */
function settings(part: Part, job: YAMLMap, what: string, target: string, say: (said: Note) => void): Pair {
    const [group] = mapsIn(job.get("static_configs", true));
    const labels = group?.get("labels", true);
    const { scrapeJob } = shapeOf(part.settings).keys ?? {};
    const known = keysOfJob(part);
    const own = new YAMLMap();
    own.items = job.items.filter((pair) => known.includes(camelCase(keyOf(pair))));
    if (isMap(labels) && labels.items.length > 0) {
        own.add(new Pair(new Scalar("labels"), labels));
    }
    tell(part, job, what, target, say);
    const comments = commentsOf(job, new Set<unknown>(own.items.flatMap(({ key, value }) => [key, value])));
    declare(own, scrapeJob, { what, find: () => [], say });
    const isInstanceKept = hasSetting(part, "instance") && !isUnfilled(target);
    // Comments need something to stand above.
    const isBare = comments !== undefined && own.items.length === 0 && !isInstanceKept;
    const canBeOn = hasSetting(part, "enabled");
    const map = mapOf({
        enabled: !isOnAnyway(part) || (isBare && canBeOn) ? true : undefined,
        instance: isInstanceKept ? target : undefined,
        scrapeJob: own.items.length > 0 || (isBare && !canBeOn) ? own : undefined,
    });
    map.commentBefore = comments;
    return new Pair(new Scalar(part.key), map);
}

/** What the part's own job can be told. */
function keysOfJob({ settings: schema }: Part): string[] {
    const { scrapeJob } = shapeOf(schema).keys ?? {};
    return Object.keys((scrapeJob && shapeOf(scrapeJob).keys) ?? {});
}

/** The keys of a job that the part's own cannot be told, and that say more than where its metrics are. */
function untold(part: Part, job: YAMLMap): string[] {
    const known = [...keysOfJob(part), "jobName", "staticConfigs", "scheme", "metricsPath"];
    return job.items.map(keyOf).filter((key) => !known.includes(camelCase(key)));
}

function tell(part: Part, job: YAMLMap, what: string, target: string, say: (said: Note) => void): void {
    const left = untold(part, job);
    const words = [
        `${target} is what the stack's own job ${part.jobName} scrapes, and is not declared`,
        ...(left.length > 0 ? [`${left.join(", ")} of it cannot be told to that one, and is left out`] : []),
    ];
    const differs = [what, jobNamed(part.jobName)];
    say(note(isSure(target) ? "changed" : "decide", job, what, words.join("; "), differs));
}

/** The comments in a job, without those of what is kept. */
function commentsOf(job: YAMLMap, kept: ReadonlySet<unknown>): string | undefined {
    const found: string[] = [];
    visit(job as Node, (_, node) => {
        if (kept.has(node)) {
            return visit.SKIP;
        }
        const { commentBefore, comment } = (node ?? {}) as Node;
        found.push(...[commentBefore, comment].filter((each) => each !== undefined && each !== null));
        return undefined;
    });
    return found.length > 0 ? found.join("\n") : undefined;
}
