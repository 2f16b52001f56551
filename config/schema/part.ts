import type { z } from "zod";
import type { Lenient } from "./lenient";
import type { Problem } from "./problems";
import { placeOf as placeInFile } from "./problems";
import type { ScrapeJob } from "./scrapeJob";
import type { General } from "./stack";

/** What the declaration needs to know of a part; components/part.ts has the rest. */
export interface DeclaredPart {
    /** Its key in the stack file, e.g. "nodeExporter", and the name of its folder. */
    readonly key: string;
    /** Where its settings stand in the stack file, e.g. ["exporters", 0] or ["thanos", "query"]. @default its key */
    readonly path?: readonly (string | number)[];
    /** What people call it, e.g. "node_exporter". */
    readonly title: string;
    /** What may be declared of it, with every default, unit and refusal. Keys of `CommonKeys` mean what they mean there. */
    readonly settings: z.ZodType;
    /** The scrape job that it publishes, e.g. "node_exporter". @default none */
    readonly jobName?: string;
    /** Whether a declared job of that name takes its place. @default it is refused */
    readonly mayBeRedeclared?: true;
    /**
     * Whether what else is declared needs it, where its `enabled` says nothing.
     * @param declared perhaps not checked yet
     * @default it is on
     */
    isWanted?(declared: Readonly<Record<string, unknown>>): boolean;
    /**
     * Where it listens on the Docker host, as far as that is declared.
     * @param settings its own, perhaps not checked yet
     * @default its `port` at its `bindAddress`
     */
    listensAt?(settings: object, general: ListeningGeneral): readonly DeclaredListener[];
    /** The mistakes that only show when several of its keys are seen together; called where single keys were refused too. */
    check?(declared: LenientDeclaration, surroundings: Surroundings): readonly Problem[];
}

/** What of the keys of no part says where parts listen. */
export type ListeningGeneral = Lenient<Pick<General, "network" | "pair">>;

/** A port of the Docker host, as far as it is declared. */
export interface DeclaredListener {
    readonly address: string | undefined;
    readonly port: number | undefined;
    /** The place of the port in the stack file, e.g. ["grafana", "port"]. */
    readonly path: Problem["path"];
    /** Whose it is. @default the place of the part */
    readonly owner?: string;
}

/** What the stack file has a list of: each item is a part of its own. */
export interface PartList<Part extends DeclaredPart = DeclaredPart> {
    /** The list's key in the stack file, e.g. "exporters", and the name of its folder. */
    readonly key: string;
    /** A list. */
    readonly settings: z.ZodType;
    /** The part that an item declares. @param item as far as it could be read */
    each(item: unknown, index: number): Part;
}

/** What has one key in the stack file, and below it a key for each of its parts. All are of one folder. */
export interface PartGroup<Part extends DeclaredPart = DeclaredPart> {
    /** The group's key in the stack file, e.g. "thanos", and the name of its folder. */
    readonly key: string;
    /** An object: what its parts have in common, and the keys of each below its own. */
    readonly settings: z.ZodType;
    /** Each with its key as the second step of its path. */
    readonly parts: readonly Part[];
}

/** What has a key in the stack file. */
export type Declarable<Part extends DeclaredPart = DeclaredPart> = Part | PartGroup<Part> | PartList<Part>;

/** The parts that are there whatever is declared: the items of lists are not. */
export const knownParts = <Part extends DeclaredPart>(declarable: readonly Declarable<Part>[]): Part[] =>
    declarable.flatMap((each) => ("parts" in each ? each.parts : "each" in each ? [] : [each]));

/** The parts that a declaration may have, and of each list those that it has. */
export const partsOf = <Part extends DeclaredPart>(
    declarable: readonly Declarable<Part>[],
    declared: Readonly<Record<string, unknown>>,
): Part[] =>
    declarable.flatMap((each) => {
        const items = declared[each.key];
        return !("each" in each)
            ? knownParts<Part>([each])
            : Array.isArray(items)
              ? items.map((item: unknown, i) => each.each(item ?? {}, i))
              : [];
    });

/** The keys that mean the same in every part that has them. */
export interface CommonKeys {
    /** Whether it is on. @default a part without the key always is */
    readonly enabled?: boolean | undefined;
    readonly image?: string | undefined;
    /** TCP port on the Docker host; of a part with a `publishedPort`, that in its container. */
    readonly port?: number | undefined;
    readonly publishedPort?: number | undefined;
    readonly bindAddress?: string | undefined;
    /** A Docker volume of somebody else that its data is in. */
    readonly dataVolume?: string | undefined;
    /** How its job is scraped; of an exporter's, all that a job has. */
    readonly scrapeJob?: OwnJob | undefined;
    /** The host that it is on, for the alerts and the dashboard of its job. */
    readonly host?: object | undefined;
    /** Whose containers it sees, likewise. */
    readonly container?: object | undefined;
    /** The application that it is, likewise. */
    readonly application?: { readonly profile?: string | undefined } | undefined;
}

/** A job without its name and its targets. */
export type OwnJob = Lenient<Omit<ScrapeJob, "jobName" | "staticConfigs">> & {
    readonly labels?: Readonly<Record<string, string | undefined>> | undefined;
};

/** Whether what is mounted is a volume, by its name: else it is a path of the Docker host. */
export const isVolume = (source: string) => !source.startsWith("/");

/** A declaration, read leniently; what a part finds under its own key is for itself to know. */
export type LenientDeclaration = Lenient<General> & { readonly [part: string]: unknown };

/** The files that a declaration may name, by their paths from the project's folder. */
export interface UserFiles {
    /** The text of a file. Throws where it cannot be read. */
    readonly readFile: (path: string) => string;
    /** The names in a folder, sorted; those of folders end in "/". None where there is no such folder. */
    readonly listFolder: (path: string) => readonly string[];
}

/** What is known of a declaration besides its text. */
export interface Surroundings extends UserFiles {
    /** The stack's name, e.g. "dev". */
    readonly stack: string;
    /** The Docker host's name: the default `instance` label of its metrics. */
    readonly hostName: string;
    /** The top-level keys that were stored encrypted, as a whole or in part. */
    readonly encrypted: ReadonlySet<string>;
    /** Whether a value comes from a file that the stack file extends. @default none does */
    readonly isShared?: (path: Problem["path"]) => boolean;
}

/** Where the settings of a part stand in the stack file. */
export const pathOf = ({ key, path = [key] }: Pick<DeclaredPart, "key" | "path">) => path;

/** The same in words: "nodeExporter", "exporters[0]", or "thanos.query". */
export const placeOf = (part: Pick<DeclaredPart, "key" | "path">) => placeInFile(pathOf(part));

/** Whether it is an entry of a list, as an exporter is: its job is a whole one. */
export const isListed = ({ path = [] }: Pick<DeclaredPart, "path">) => typeof path.at(-1) === "number";

/** What a part is called in what is printed for programs: "nodeExporter", or "thanosQuery". */
export const nameOf = ({ key, path = [] }: Pick<DeclaredPart, "key" | "path">) =>
    path
        .slice(1)
        .reduce<string>((name, step) => name + String(step).replace(/^./, (first) => first.toUpperCase()), key);

/** What is declared of a part: of one in a group, what the group has in common too. @returns undefined where there is nothing */
export function settingsOf(
    declared: Readonly<Record<string, unknown>>,
    part: Pick<DeclaredPart, "key" | "path">,
): unknown {
    const [key = "", step] = pathOf(part);
    const value = declared[key] as Readonly<Record<string | number, unknown>> | undefined;
    const own = step === undefined ? value : value?.[step];
    return typeof step === "string" && own !== undefined ? { ...value, ...(own as object) } : own;
}

/** What a part declares of the common keys. */
export const commonKeys = (declared: Readonly<Record<string, unknown>>, part: Pick<DeclaredPart, "key" | "path">) =>
    (settingsOf(declared, part) ?? {}) as CommonKeys;

/** A part is on unless its key says otherwise, also where that was refused, or nothing wants it. */
export const isOn = (
    declared: Readonly<Record<string, unknown>>,
    part: Pick<DeclaredPart, "key" | "path" | "isWanted">,
): boolean => commonKeys(declared, part).enabled ?? part.isWanted?.(declared) ?? true;

/** The environment variable that says why a part is left out though it is on, e.g. "METRICS_STACK_WITHOUT_GRAFANA". */
export const leftOut = ({ key }: Pick<DeclaredPart, "key">) =>
    `METRICS_STACK_WITHOUT_${key.replace(/[A-Z]/g, "_$&").toUpperCase()}`;

/** Where a part listens on the Docker host: each address and port that is known. */
export function listenersOf(part: DeclaredPart, settings: CommonKeys, general: ListeningGeneral) {
    const { port, bindAddress } = settings;
    const own: readonly DeclaredListener[] = [{ address: bindAddress, port, path: [...pathOf(part), "port"] }];
    return (part.listensAt?.(settings, general) ?? own).flatMap(({ address, port: declared, path, owner }) =>
        address === undefined || declared === undefined
            ? []
            : [{ owner: owner ?? placeOf(part), path, address, port: declared }],
    );
}
