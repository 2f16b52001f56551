import type { Node, YAMLMap } from "yaml";
import type { Beside } from "../converted";
import type { Note } from "../notes";

/** What an alertmanager.yml is turned with. */
export interface Turning extends Beside {
    readonly say: (said: Note) => void;
    /** Adds a file to the project. */
    readonly add: (path: string, text: string) => void;
    readonly defaults: Defaults;
    /** Who hears of everything that no route sends elsewhere. */
    readonly first: string;
    /** Names of templates that texts of messages use. */
    readonly templates: ReadonlySet<string>;
    /** What the comparison calls the entries that are sent by mail. */
    readonly mailers: readonly string[];
}

/** What entries have that say nothing else. */
export interface Defaults {
    /** By kind and word, e.g. `slack` and `api_url`. */
    readonly kinds: Readonly<Record<string, Readonly<Record<string, Node>>>>;
    /** How services are asked. */
    readonly http?: YAMLMap | undefined;
}
