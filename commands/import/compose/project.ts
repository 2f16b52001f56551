import * as path from "node:path";
import type { YAMLMap } from "yaml";
import { isMap } from "yaml";
import { textOf } from "../source";
import type { Variables } from "./variables";

/** What Docker calls what a compose file names. */
export interface Project {
    readonly name: string;
    /** The Docker volume of a name in the file. */
    readonly volume: (name: string) => string;
    /** The Docker network of a name in the file. */
    readonly network: (name: string) => string;
}

/** Source: https://docs.docker.com/compose/how-tos/project-name/ */
export function projectOf(root: YAMLMap, file: string, variables: Variables): Project {
    const folder = path.basename(path.dirname(path.resolve(file)));
    const given = textOf(root.get("name", true)) ?? variables.COMPOSE_PROJECT_NAME ?? folder;
    const name = given
        .toLowerCase()
        .replace(/[^a-z0-9_-]/g, "")
        .replace(/^[_-]+/, "");
    const called = (list: string) => (word: string) => {
        const entry = root.getIn([list, word], true);
        const external = isMap(entry) ? entry.get("external", true) : undefined;
        const own = isMap(entry) ? textOf(entry.get("name", true)) : undefined;
        const theirs = isMap(external) ? textOf(external.get("name", true)) : undefined;
        const isExternal = isMap(external) || textOf(external) === "true";
        return own ?? theirs ?? (isExternal ? word : `${name}_${word}`);
    };
    return { name, volume: called("volumes"), network: called("networks") };
}
