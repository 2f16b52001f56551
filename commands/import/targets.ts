import type { Scalar, YAMLMap } from "yaml";
import { isMap, isScalar, isSeq } from "yaml";
import { dockerName } from "../../components/dockerName";
import { singleParts as parts } from "../../components/parts";
import { hostAlias } from "../../config/check/engine";
import { isOwnHost } from "../../config/schema/hosts";
import { isItself } from "../../config/schema/scrapeJob";
import type { Beside } from "./converted";
import type { Note } from "./notes";
import { note } from "./notes";
import { mapsIn, textOf, valueOf } from "./source";

/** The targets of a group, or of a list of groups. */
export const targetsIn = (groups: unknown): Scalar[] =>
    (isMap(groups) ? [groups] : mapsIn(groups)).flatMap((group) => {
        const targets = group.get("targets", true);
        return isSeq(targets) ? targets.items.filter((target): target is Scalar => textOf(target) !== undefined) : [];
    });

/** Takes an address apart; the port has its colon. @returns undefined for what is no address, such as a URL */
function split(address: string): { host: string; port: string } | undefined {
    const [, host, port = ""] = /^(\[[0-9a-f:.]+\]|[\w.-]+)(:\d+)?$/i.exec(address) ?? [];
    return host === undefined ? undefined : { host, port };
}

/** The targets of a job as its container reaches them, each once. */
export function importTargets(
    job: YAMLMap,
    groups: unknown,
    what: string,
    { partAt, stack }: Beside,
    say: (said: Note) => void,
): void {
    const name = textOf(job.get("job_name", true));
    const standardPort = textOf(job.get("scheme", true)) === "https" ? ":443" : ":80";
    const rules = mapsIn(job.get("relabel_configs", true));
    const isFree = rules.some((rule) => textOf(rule.get("target_label", true)) === "__address__");
    rules.forEach((rule) => importReplacement(rule, what, say));
    const seen = new Set<string>();
    for (const group of mapsIn(groups)) {
        const targets = group.get("targets", true);
        const labels = JSON.stringify(valueOf(withoutEmpty(group.get("labels", true))));
        if (isSeq(targets)) {
            targets.items = targets.items.filter((target) => {
                const before = textOf(target) ?? "";
                if (!isScalar(target) || isItself({ jobName: name }, before)) {
                    return true;
                }
                const part = isFree ? undefined : parts.find(({ key }) => key === partAt(before));
                if (part?.jobName !== undefined && part.jobName !== name) {
                    const words = `${before} is the stack's own ${part.title}, which has the job ${part.jobName}, and is left out`;
                    say(note("changed", target, what, words, [what]));
                    return false;
                }
                if (part && part.jobName === undefined) {
                    target.value = `${dockerName(stack, part.role)}:${before.slice(before.lastIndexOf(":") + 1)}`;
                    say(note("changed", target, what, `${before} is ${textOf(target)}, the stack's own`, [what]));
                } else if (!isFree) {
                    importAddress(target, standardPort, what, say);
                }
                const key = `${textOf(target)} ${labels}`;
                return !seen.has(key) && seen.add(key);
            });
        }
    }
}

/** A label without a value is none. */
function withoutEmpty(labels: unknown): unknown {
    if (isMap(labels)) {
        labels.items = labels.items.filter(({ value }) => textOf(value) !== "");
    }
    return labels;
}

export function importAddress(target: Scalar, standardPort: string, what: string, say: (said: Note) => void): void {
    const before = textOf(target) ?? "";
    const { host, port } = split(before) ?? {};
    if (host === undefined) {
        return; // Refused later, with its line.
    }
    const after = `${isOwnHost(host) ? hostAlias : host}${port || standardPort}`;
    if (isOwnHost(host)) {
        const words = `${before} is Prometheus' container to itself: ${after}, a service of the Docker host, is written; where it is a container, write its name`;
        say(note("decide", target, what, words, [what]));
    } else if (port === "") {
        const words = `${before} has no port, and stays without one in the label instance of Prometheus 3; ${after} is written`;
        say(note("changed", target, what, words, [what]));
    }
    if (after !== before) {
        target.value = after;
    }
}

/** A rule that has an exporter asked in place of the target may name the host itself, too. */
function importReplacement(rule: YAMLMap, what: string, say: (said: Note) => void): void {
    const replacement = rule.get("replacement", true);
    if (textOf(rule.get("target_label", true)) === "__address__" && isScalar(replacement)) {
        const { host = "" } = split(textOf(replacement) ?? "") ?? {};
        if (isOwnHost(host)) {
            importAddress(replacement, "", what, say);
        }
    }
}
