import type { Wanted } from "../config/check/host";
import type { Declaration } from "../config/declaration";
import type { Files } from "../config/render/files";
import { ownAlerts } from "../config/ownRules";
import type { Job } from "../config/render/job";
import { askingDocker } from "../config/render/discovery";
import { exposedOf, found } from "../config/render/job";
import { shareOf } from "../config/render/share";
import { pulledFrom } from "../config/schema/imageRegistry";
import type { CommonKeys, UserFiles } from "../config/schema/part";
import { commonKeys, isOn, listenersOf, partsOf, pathOf, settingsOf } from "../config/schema/part";
import type { StackConfig } from "../config/schema/stack";
import { configVolumeName, dataVolumeName, dockerName } from "./dockerName";
import type { Declarable, Part, Plan, Published, Rendered } from "./part";

/** A part that is on, with what follows from its settings. */
export interface PlannedPart extends Omit<Rendered, "generation"> {
    readonly part: Part;
    readonly settings: unknown;
    readonly plan: Plan;
    /** See Plan. */
    readonly tests: Files;
}

/** What a declaration comes to: plain data, and every file that will be delivered, rendered once, when it is asked for. */
export interface PlannedStack {
    readonly config: StackConfig;
    readonly published: Published;
    /** Those that are on, in the order of the list. */
    readonly parts: readonly PlannedPart[];
    readonly wanted: Wanted;
    /** What the user is told, and may leave as it is. */
    readonly warnings: readonly string[];
    readonly placed: Declaration["placed"];
}

/** Plans the parts of a stack that are on. */
export function planned(
    declarable: readonly Declarable[],
    { config, settings, placed }: Declaration,
    userFiles: UserFiles,
): PlannedStack {
    const parts = partsOf(declarable, settings);
    const on = parts
        .filter((part) => isOn({ ...config, ...settings }, part))
        .map((part) => ({
            ...{ part, settings: settingsOf(settings, part), declared: commonKeys(settings, part) },
            plan: part.plan(settingsOf(settings, part), config, userFiles),
            image: imageOf(part, commonKeys(settings, part), config.imageRegistry),
        }));
    const dockers = on.flatMap(({ plan }) => plan.publishes?.dockers ?? []);
    const entrance = on.map(({ plan }) => plan.entrance).find((address) => address !== undefined);
    const published: Published = {
        entrance,
        jobs: allJobs(
            on.flatMap(({ plan }) => plan.publishes?.jobs ?? []),
            config,
        ).map((job) => askingDocker(found(job), dockers[0])),
        dockers,
        alertmanagers: on.flatMap(({ plan }) => plan.publishes?.alertmanagers ?? []),
        dataSources: on.flatMap(({ plan }) => plan.publishes?.dataSources ?? []),
        shippers: on.flatMap(({ plan }) => plan.publishes?.shippers ?? []),
        stores: on.flatMap(({ plan }) => plan.publishes?.stores ?? []),
        ownAlerts: ownAlerts(on.flatMap(({ plan }) => plan.ownRules ?? [])),
        sites: on.flatMap(({ plan }) => plan.publishes?.sites ?? []),
    };
    return {
        config,
        published,
        parts: on.map(({ declared: _, ...rest }) => {
            let files: Files | undefined;
            return {
                ...rest,
                settings: reached(rest, entrance),
                shell: (rest.part.configuration?.withoutShell ? on[0] : rest)?.image ?? "",
                get files() {
                    return (files ??= rest.plan.files?.(published) ?? {});
                },
                tests: rest.plan.tests ?? {},
                secretFiles: rest.plan.secretFiles?.(published) ?? {},
            };
        }),
        wanted: wanted(parts, on, config),
        warnings: on.flatMap(({ plan }) => plan.warning?.(published) ?? []),
        placed,
    };
}

/**
 * Those of the parts, which watch the stack itself and are nobody else's, and the stack's share of the declared ones behind them.
 * One that is declared in the place of a part's exposes what that does.
 */
function allJobs(own: readonly Job[], { shard, scrapeJobs }: Pick<StackConfig, "shard" | "scrapeJobs">): Job[] {
    const sameName = (all: readonly Job[], { jobName }: Job) => all.find((each) => each.jobName === jobName);
    return [
        ...own.filter((job) => sameName(scrapeJobs, job) === undefined),
        ...shareOf(shard, scrapeJobs).map((job) => {
            const replaced = sameName(own, job);
            return replaced ? { ...exposedOf(replaced), ...job } : job;
        }),
    ];
}

/** The settings of a part: where people find it is below the entrance, where there is one and nothing else is declared. */
function reached({ settings, plan }: Pick<PlannedPart, "settings" | "plan">, entrance: string | undefined): unknown {
    const [site] = plan.publishes?.sites ?? [];
    return site === undefined || entrance === undefined
        ? settings
        : { externalUrl: `${entrance}${site.path}/`, ...(settings as object) };
}

/** The image that a part runs, as it is pulled. */
export function imageOf({ image }: Part, declared: CommonKeys, registry: string | undefined): string {
    return image.builtFrom === undefined ? pulledFrom(registry, declared.image ?? image.standard) : image.standard;
}

interface Declared {
    readonly part: Part;
    readonly declared: CommonKeys;
    readonly plan: Plan;
}

/** @param on those of the parts that are on; the volumes of the others stay the stack's own */
function wanted(parts: readonly Part[], on: readonly Declared[], config: StackConfig): Wanted {
    const { stack, network, imageRegistry } = config;
    return {
        ownNetwork: dockerName(stack),
        networks: [
            ...network.join.map((name, i) => ({ name, path: ["network", "join", i] })),
            ...on.flatMap(({ plan }) => plan.joins ?? []),
        ],
        volumes: on.flatMap(({ plan }) => plan.mounts ?? []),
        sockets: on.flatMap(({ plan }) => plan.asks ?? []),
        ownVolumes: parts.flatMap((part) => [
            ...(part.data ? [dataVolumeName(stack, part)] : []),
            ...(part.configuration ? [configVolumeName(stack, part)] : []),
        ]),
        keepers: on.flatMap(({ part, declared }) =>
            part.data === undefined || declared.dataVolume !== undefined
                ? []
                : { path: pathOf(part), role: part.role, holds: part.data.holds, volume: dataVolumeName(stack, part) },
        ),
        listeners: on.flatMap(({ part, declared }) => listenersOf(part, declared, config)),
        adopters: on.flatMap(({ part, declared }) => {
            const { title, data } = part;
            const volume = declared.dataVolume;
            return data === undefined || volume === undefined
                ? []
                : [{ ...data, path: pathOf(part), title, volume, image: imageOf(part, declared, imageRegistry) }];
        }),
    };
}
