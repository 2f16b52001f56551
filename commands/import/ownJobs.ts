import type { Node } from "yaml";
import { isMap, Pair, Scalar, visit, YAMLMap } from "yaml";
import { parts } from "../../components/parts";
import { isOwnHost, splitHostPort } from "../../config/schema/hosts";
import { isOn } from "../../config/schema/part";
import { camelCase } from "../../config/schema/problems";
import type { Beside } from "./converted";
import { jobNamed } from "./names";
import type { Note } from "./notes";
import { note } from "./notes";
import { isUnfilled } from "./placeholders";
import { keyOf, mapOf, mapsIn, textOf } from "./source";
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
    if (part?.jobName !== undefined) {
        return { isTaken: true, declaration: [settings(part, job, what, targets[0] ?? "", say)] };
    }
    return { isTaken: false, declaration: namesake && isOnAnyway(namesake) ? makeRoom(namesake, job, what, say) : [] };
}

/** Behind another path is something else, such as the samples for a federation. */
const asksMetrics = (job: YAMLMap) => (textOf(job.get("metrics_path", true)) ?? "/metrics").endsWith("/metrics");

/** Two jobs cannot have one name: the part's is off, or else the other one has another name. */
function makeRoom(part: Part, job: YAMLMap, what: string, say: (said: Note) => void): Pair[] {
    if (hasSetting(part, "enabled")) {
        say(
            note("changed", job, what, `has the name of the job of the stack's own ${part.title}, which is off for it`),
        );
        return [new Pair(new Scalar(part.key), mapOf({ enabled: false }))];
    }
    const name = `${part.jobName}_others`;
    const words = `is the name of the stack's own job: what it scrapes beside ${part.title} is in the job ${name} now, and so is it called where rules and graphs go by the label job`;
    say(note("decide", job, what, words, [what, jobNamed(name)]));
    job.set("job_name", name);
    return [];
}

/** Whether a stack has it without being told. */
const isOnAnyway = (part: Part) => isOn({ [part.key]: part.settings.parse(undefined) }, part);

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

/** Whether a part runs without being told anything. */
const standsAlone = (part: Part) =>
    (part.check?.({ [part.key]: { enabled: true } } as never, {} as never) ?? []).length === 0;

const portOf = ({ settings: schema }: Part) => (schema.parse(undefined) as { port?: number }).port;

/** What a job says that the part's own can be told too. */
function settings(part: Part, job: YAMLMap, what: string, target: string, say: (said: Note) => void): Pair {
    const [group] = mapsIn(job.get("static_configs", true));
    const labels = group?.get("labels", true);
    const { scrapeJob } = shapeOf(part.settings).keys ?? {};
    const known = Object.keys((scrapeJob && shapeOf(scrapeJob).keys) ?? {});
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

function tell(part: Part, job: YAMLMap, what: string, target: string, say: (said: Note) => void): void {
    const kept = ["job_name", "static_configs", "scrape_interval", "scrape_timeout", "scheme", "metrics_path"];
    const left = job.items.map(keyOf).filter((key) => !kept.includes(key));
    const words = [
        `${target} is what the stack's own job ${part.jobName} scrapes, and is not declared`,
        ...(left.length > 0 ? [`${left.join(", ")} of it cannot be told to that one, and is left out`] : []),
    ];
    const isSure = !isElsewhere(target) && !isUnfilled(target);
    const differs = [what, jobNamed(part.jobName)];
    say(note(isSure ? "changed" : "decide", job, what, words.join("; "), differs));
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
