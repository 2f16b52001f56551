import type { z } from "zod";
import type { Lenient } from "./lenient";
import type { Problem } from "./problems";
import type { OwnScrapeJob } from "./scrapeJob";
import type { General } from "./stack";

/** What the declaration needs to know of a part; components/part.ts has the rest. */
export interface DeclaredPart {
    /** Its key in the stack file, e.g. "nodeExporter". */
    readonly key: string;
    /** What people call it, e.g. "node_exporter". */
    readonly title: string;
    /** What may be declared of it, with every default, unit and refusal. Keys of `CommonKeys` mean what they mean there. */
    readonly settings: z.ZodType;
    /** The scrape job that it publishes, e.g. "node_exporter". @default none */
    readonly jobName?: string;
    /** The list in the stack file that turns it on where its `enabled` says nothing, e.g. "probes". @default it is on */
    readonly enabledBy?: string;
    /** The Docker host's address that its port is on. @default the setting `bindAddress` */
    listenAddress?(network: Partial<General["network"]>): string | undefined;
    /** The mistakes that only show when several of its keys are seen together; called where single keys were refused too. */
    check?(declared: LenientDeclaration, surroundings: Surroundings): readonly Problem[];
}

/** The keys that mean the same in every part that has them. */
export interface CommonKeys {
    /** Whether it is on. @default a part without the key always is */
    readonly enabled?: boolean | undefined;
    readonly image?: string | undefined;
    /** TCP port on the Docker host. */
    readonly port?: number | undefined;
    readonly bindAddress?: string | undefined;
    /** A Docker volume of somebody else that its data is in. */
    readonly dataVolume?: string | undefined;
    /** What it sees of somebody else: volumes by their names, folders of the Docker host by their paths. */
    readonly mounts?: readonly { readonly source: string }[] | undefined;
    /** How its job is scraped. */
    readonly scrapeJob?: Lenient<OwnScrapeJob> | undefined;
    /** The host that it is on, for the alerts and the dashboard of its job. */
    readonly host?: object | undefined;
    /** The application that it is, likewise. */
    readonly application?: { readonly profile?: string | undefined } | undefined;
}

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
}

/** What a part declares of the common keys. */
export const commonKeys = (declared: Readonly<Record<string, unknown>>, { key }: Pick<DeclaredPart, "key">) =>
    (declared[key] ?? {}) as CommonKeys;

/** A part is on unless its key says otherwise, also where that was refused; one with a list, where something is in it. */
export function isOn(
    declared: Readonly<Record<string, unknown>>,
    part: Pick<DeclaredPart, "key" | "enabledBy">,
): boolean {
    const { enabled } = commonKeys(declared, part);
    const list = part.enabledBy === undefined ? undefined : (declared[part.enabledBy] ?? []);
    return enabled ?? (!Array.isArray(list) || list.length > 0);
}

/** The environment variable that says why a part is left out though it is on, e.g. "METRICS_STACK_WITHOUT_GRAFANA". */
export const leftOut = ({ key }: Pick<DeclaredPart, "key">) =>
    `METRICS_STACK_WITHOUT_${key.replace(/[A-Z]/g, "_$&").toUpperCase()}`;

/** Where a part listens on the Docker host, as far as it is declared. */
export function listener(
    part: DeclaredPart,
    { port, bindAddress }: CommonKeys,
    network: Partial<General["network"]>,
): { readonly address: string | undefined; readonly port: number | undefined } {
    return { address: part.listenAddress ? part.listenAddress(network) : bindAddress, port };
}
