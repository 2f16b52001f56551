import type { YAMLMap } from "yaml";
import { isSeq } from "yaml";
import type { Beside } from "./converted";
import type { Note } from "./notes";
import { note } from "./notes";
import type { Source } from "./source";
import { mapsIn, readSource, taken, textOf } from "./source";

/**
 * The groups of the lists that a job names, as far as they are at hand: they stand in the job from now on.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config
 */
export function targetLists(job: YAMLMap, what: string, { find }: Beside, say: (said: Note) => void): YAMLMap[] {
    const configs = job.get("file_sd_configs", true);
    const names = mapsIn(configs).flatMap((config) => {
        const files = config.get("files", true);
        return isSeq(files) ? files.items : [];
    });
    const lists = names.map((node) => ({ node, found: find(textOf(node) ?? "") }));
    if (lists.length === 0 || lists.some(({ found }) => found.length === 0)) {
        const missing = lists.filter(({ found }) => found.length === 0);
        missing.forEach(({ node }) => say(note("lost", node, what, `${textOf(node)} is not at hand: ${advice}`)));
        return [];
    }
    taken(job, "file_sd_configs");
    return lists.flatMap(({ node, found }) =>
        found.flatMap(({ file, text }) => {
            say(
                note(
                    "changed",
                    node,
                    what,
                    `the targets of ${file} stand in the job now, and that file is not read any more`,
                ),
            );
            const source = readSource(file, text);
            return "kind" in source ? (say(source), []) : groupsOf(source, say);
        }),
    );
}

const advice = "name the file or its folder too, or write its targets into static_configs";

/** A list of groups, each with targets and labels. */
function groupsOf(source: Source, say: (said: Note) => void): YAMLMap[] {
    if (!isSeq(source.root)) {
        say(note("lost", source.root, "the file", "is no list of targets, such as [{targets: [web:8000]}]"));
    }
    return mapsIn(source.root);
}
