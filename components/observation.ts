import type { Engine } from "../config/check/engine";
import type { HostFacts } from "../config/check/host";
import type { KnownObject } from "../config/check/ownership";
import { containerIds } from "../config/check/ownership";
import type { Files } from "../config/render/files";
import { pathOf } from "../config/schema/part";
import type { Problem } from "../config/schema/problems";
import { show } from "../config/schema/problems";
import { noShell } from "../config/schema/values";
import { configVolumeName, dockerName } from "./dockerName";
import type { Part } from "./part";
import type { PlannedPart, PlannedStack } from "./planned";
import { releaseOf } from "./release";

/** What delivery/observe.js is asked and says. Needs no Pulumi, so that `npm run validate -- --promtool` asks the same way. */

/** What delivery/observe.js reads. */
export interface Question {
    /** An image with a shell, to look around with. */
    readonly image: string;
    /** Whose Docker host it is: what is there is asked for, apart from the stack itself. @default nobody asks */
    readonly host?: {
        readonly stack: string;
        /** The volumes of somebody else that the stack takes over, and who is to own their files. */
        readonly adopted: readonly { readonly volume: string; readonly userId: number }[];
        /** The names of the stack's containers: who was started under one of them is said. @default nobody asks */
        readonly names?: readonly string[];
        /** What the stack's state knows: these are its own under any name. @default what carries its label */
        readonly known?: { readonly containers: readonly string[]; readonly networks: readonly string[] };
    };
    readonly parts: readonly PartQuestion[];
}

/** What is asked of a part with a configuration of its own. */
export interface PartQuestion {
    /** Its folder, whose delivery.js knows how its files are checked, e.g. "prometheus". */
    readonly program: string;
    /** The image that will run. */
    readonly image: string;
    /** Where the container mounts its configuration volume. */
    readonly mountPath: string;
    /** Whether nothing can be asked in its container. @default false */
    readonly withoutShell?: boolean | undefined;
    /** What would be written into it. */
    readonly files: Files;
    /** What its tool runs against them. @default nothing */
    readonly tests?: Files;
    readonly secretFiles: readonly string[];
    /** What is looked at for changes that somebody made. @default nobody asks */
    readonly deployed?: {
        readonly container: string;
        readonly volume: string;
        readonly watchedFolder: string;
        /** What the files are called as a release. Where the program runs with it, nobody checks them again. */
        readonly release: string;
    };
}

/** What delivery/observe.js prints where the Docker host answers. */
export interface Observation {
    readonly engine: Attempt<Engine>;
    readonly facts?: Attempt<HostFacts>;
    /** In the order of the question. */
    readonly parts: readonly PartAnswer[];
}

export interface PartAnswer {
    /** What the part's own tool refuses; absent where it has none. */
    readonly refused?: Attempt<readonly Refusal[]>;
    /** The present state of its configuration volume. See ConfigVolumeArgs. */
    readonly generation?: Attempt<string>;
}

export interface Refusal {
    /** What of the part's own is refused, e.g. a job. @default the whole */
    readonly about?: string;
    /** Where in it, e.g. ["ec2SdConfigs", 0]. @default nobody knows */
    readonly where?: readonly (string | number)[];
    /** The tool's. */
    readonly words: string;
    /** Whether it is a test that fails. @default false */
    readonly isTest?: boolean;
}

/** What was found, or why it could not be found out. */
export type Attempt<Found> = { readonly found: Found } | { readonly unknown: string };

/** What delivery/observe.js is asked. @param known what the stack's state knows */
export function question({ config, parts, wanted }: PlannedStack, known: readonly KnownObject[] = []): Question {
    return {
        image: parts[0]?.image ?? "",
        host: {
            stack: config.stack,
            adopted: wanted.adopters.map(({ volume, userId }) => ({ volume, userId })),
            names: parts.map(({ part }) => dockerName(config.stack, part.role)),
            known: {
                containers: containerIds(known),
                // Of a renamed stack it goes when the new one comes.
                networks: known.flatMap(({ kind, name }) =>
                    kind === "network" && name !== wanted.ownNetwork ? [name] : [],
                ),
            },
        },
        parts: configured(parts).map(({ part, image, files, tests, secretFiles }) => {
            const { mountPath, watchedFolder, tool, withoutShell } = part.configuration;
            return {
                program: part.key,
                ...{ image, mountPath },
                ...(withoutShell && { withoutShell }),
                // Nothing reads those that no tool checks.
                files: tool === undefined ? {} : files,
                ...(Object.keys(tests).length > 0 && { tests }),
                secretFiles: tool === undefined ? [] : Object.keys(secretFiles),
                deployed: {
                    container: dockerName(config.stack, part.role),
                    volume: configVolumeName(config.stack, part),
                    watchedFolder,
                    release: releaseOf(files).name,
                },
            };
        }),
    };
}

/** The parts with a configuration: those that are asked, in the same order. */
function configured(parts: readonly PlannedPart[]) {
    return parts.flatMap(({ part, ...rest }) => {
        const { configuration } = part;
        return configuration === undefined ? [] : [{ ...rest, part: { ...part, configuration } }];
    });
}

/** The same question without what only the stack's own host knows: what the parts' tools say of the files. */
export const filesOnly = ({ image, parts }: Question): Question => ({
    image,
    parts: parts.map(({ deployed: _, ...rest }) => rest),
});

/** @param found gives what an attempt found, or nothing */
export type Found = <Result>(attempt: Attempt<Result>, what: string) => Result[];

/** What the parts' own tools refuse, in the place of the declaration that it was made from. */
export function refusals({ parts }: PlannedStack, observed: Observation, found: Found): Problem[] {
    return configured(parts).flatMap(({ part, plan, image }, i) => {
        const { refused } = observed.parts[i] ?? {};
        const { tool } = part.configuration;
        if (refused && "unknown" in refused && lacksShell(refused.unknown)) {
            return [{ path: [...pathOf(part), "image"], message: `${show(image)} ${noShell(part.image.standard)}` }];
        }
        return refused === undefined || tool === undefined
            ? []
            : found(refused, `the configuration with ${tool}`)
                  .flat()
                  .map(({ about, where = [], words, isTest }) => ({
                      path: [...(plan.placeOf?.(about) ?? pathOf(part)), ...where],
                      message: `${about === undefined ? "" : `"${about}" `}${isTest ? "fails in" : "is refused by"} ${tool}: ${words}`,
                  }));
    });
}

/** As container runtimes say it: https://github.com/opencontainers/runc */
const lacksShell = (words: string) => /exec: "sh": executable file not found/.test(words);

/** The present state of each configuration volume, by the part's role, where it is known. See ConfigVolumeArgs. */
export type Generations = Readonly<Record<string, string | undefined>>;

export function generations({ parts }: PlannedStack, observed: Observation, found: Found): Generations {
    return Object.fromEntries(
        configured(parts).flatMap(({ part }, i) => {
            const { generation } = observed.parts[i] ?? {};
            return generation === undefined
                ? []
                : found(generation, `whether somebody changed ${whose(part)} files`).map((each) => [part.role, each]);
        }),
    );
}

const whose = ({ title }: Pick<Part, "title">) => (title.endsWith("s") ? `${title}'` : `${title}'s`);
