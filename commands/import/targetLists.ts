import * as path from "node:path";
import type { Pair, Scalar, YAMLMap } from "yaml";
import { isMap, isScalar, isSeq } from "yaml";
import type { Beside, FoundFile } from "./converted";
import type { Note } from "./notes";
import { note } from "./notes";
import { placeOf } from "./places";
import type { Source } from "./source";
import { mapOf, mapsIn, readSource, taken, textOf } from "./source";

/** The folders of lists that are not at hand: where each is, and where Prometheus sees it. */
export type ListFolders = Map<string, string>;

/**
 * The groups of the lists that a job names, as far as they are at hand: they stand in the job from now on. The others stay lists.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config
 */
export function targetLists(
    job: YAMLMap,
    what: string,
    folders: ListFolders,
    { find }: Beside,
    say: (said: Note) => void,
): YAMLMap[] {
    const configs = job.get("file_sd_configs", true);
    const groups = mapsIn(configs).flatMap((config) => {
        const files = config.get("files", true);
        const names = isSeq(files) ? files.items.filter((each): each is Scalar => isScalar(each)) : [];
        const lists = names.map((name) => ({ name, found: find(textOf(name) ?? "") }));
        if (isSeq(files)) {
            files.items = lists.flatMap(({ name, found }) =>
                found.length > 0 ? [] : [elsewhere(name, what, folders, say)],
            );
        }
        return lists.flatMap(({ name, found }) => found.flatMap((each) => groupsOf(each, name, what, say)));
    });
    if (isSeq(configs)) {
        configs.items = configs.items.filter((config) => !isMap(config) || !isRead(config));
        if (configs.items.length === 0) {
            taken(job, "file_sd_configs");
        }
    }
    return groups;
}

/** A discovery of which all lists are in the job now. */
function isRead(config: YAMLMap): boolean {
    const files = config.get("files", true);
    return isSeq(files) && files.items.length === 0;
}

/** A list of groups, each with targets and labels. */
function groupsOf({ file, text }: FoundFile, name: Scalar, what: string, say: (said: Note) => void): YAMLMap[] {
    const words = `the targets of ${file} stand in the job now, and that file is not read any more`;
    say(note("changed", name, what, words));
    const source: Source | Note = readSource(file, text);
    if ("kind" in source) {
        say(source);
        return [];
    }
    if (!isSeq(source.root)) {
        say(note("lost", source.root, "the file", "is no list of targets, such as [{targets: [web:8000]}]"));
    }
    return mapsIn(source.root);
}

/** Folders that Prometheus' container has of its own. */
const ownFolder = /^\/(bin|dev|etc|prometheus|proc|sys)(\/|$)/;

/** A list that is not at hand: Prometheus sees the folder that holds it. */
function elsewhere(name: Scalar, what: string, folders: ListFolders, say: (said: Note) => void): Scalar {
    const before = textOf(name) ?? "";
    const inFolder = before.replace(/^\/etc\/prometheus\//, "");
    const folder = path.dirname(placeOf(name)?.file ?? "");
    const source = path.posix.isAbsolute(inFolder)
        ? path.posix.dirname(inFolder)
        : path.resolve(folder, path.posix.dirname(inFolder));
    const free = folders.size === 0 ? "/lists" : `/lists-${folders.size + 1}`;
    const target =
        folders.get(source) ?? (source === path.posix.dirname(before) && !ownFolder.test(source) ? source : free);
    folders.set(source, target);
    name.value = path.posix.join(target, path.posix.basename(before));
    const words =
        `${before} is not at hand, and stays a list: Prometheus sees the folder ${source} of the Docker host as ${target}; ` +
        "write where it really is, a folder or a volume, into prometheus.mounts, or name the list to the import too";
    say(note("decide", name, what, words, [what]));
    return name;
}

/** What Prometheus sees of somebody else. */
export const mountsOf = (folders: ListFolders): Pair[] =>
    folders.size === 0
        ? []
        : mapOf({ prometheus: { mounts: [...folders].map(([source, target]) => ({ source, target })) } }).items;
