import { createHash } from "node:crypto";
import { crossCheck } from "./check";
import { readOwnDashboards } from "../components/grafana/dashboardFiles";
import type { Files } from "./render/files";
import { pulledFrom } from "./schema/imageRegistry";
import type { Problem } from "./schema/problems";
import { ConfigError, problemsOf } from "./schema/problems";
import type { Settings } from "./schema";
import { settingsSchema } from "./schema";
import { builtInProfiles } from "./schema/profiles";
import { formatIpv4, parseSubnet } from "./schema/units";

/** What is known of a declaration besides its text. */
export interface Surroundings {
    /** The stack's name, e.g. "dev". */
    readonly stack: string;
    /** The Docker host's name: the default `instance` label of its metrics. */
    readonly hostName: string;
    /** The top-level keys that were stored encrypted, as a whole or in part. */
    readonly encrypted: ReadonlySet<string>;
    /** The text of a file, by its path from the project's folder. Throws where it cannot be read. */
    readonly readFile: (path: string) => string;
}

type Enabled<Part> = Omit<Part, "enabled">;

/**
 * A checked declaration with every default applied: plain data, durations in milliseconds, sizes in bytes, images as they are
 * pulled.
 */
export interface StackConfig extends Omit<
    Settings,
    "network" | "alertmanager" | "nodeExporter" | "grafana" | "webBe" | "scrapeTimeout"
> {
    readonly stack: string;
    readonly scrapeTimeout: number;
    readonly network: Settings["network"] & { readonly subnet: string; readonly gateway: string };
    /** Each absent where it is turned off. */
    readonly alertmanager?: Enabled<Settings["alertmanager"]> & { readonly externalUrl: string };
    readonly nodeExporter?: Enabled<Settings["nodeExporter"]> & { readonly instance: string };
    readonly grafana?: Enabled<Settings["grafana"]> & { readonly ownDashboards: Files };
    readonly webBe?: Enabled<Settings["webBe"]>;
}

const defaultScrapeTimeout = 10_000;

/**
 * Checks every key and applies the defaults.
 * @param raw the declaration without its `metrics-stack:` prefixes, e.g. `{ scrapeInterval: "15s", scrapeJobs: [...] }`
 * @throws ConfigError that lists every mistake at once, each with its key.
 */
export function parseStackConfig(raw: Readonly<Record<string, unknown>>, surroundings: Surroundings): StackConfig {
    const problems: Problem[] = [];
    let dashboards: Files = {};
    const parsed = settingsSchema
        .refine(
            (settings) => {
                const own = readOwnDashboards(settings, surroundings.readFile);
                dashboards = own.files;
                problems.push(...crossCheck(settings, surroundings), ...own.problems);
                return true;
            },
            // Also where single keys were refused: all mistakes come in one run.
            { when: () => true },
        )
        .safeParse(raw);
    problems.push(...problemsOf(parsed.error?.issues ?? []));
    if (!parsed.success || problems.length > 0) {
        throw new ConfigError(problems);
    }
    return withDefaults(parsed.data, surroundings, dashboards);
}

function withDefaults(settings: Settings, { stack, hostName }: Surroundings, ownDashboards: Files): StackConfig {
    const { alertmanager, prometheus, nodeExporter, grafana, webBe, ...rest } = settings;
    const image = (part: { readonly image: string }) => ({ image: pulledFrom(settings.imageRegistry, part.image) });
    const subnet = settings.network.subnet ?? defaultSubnet(stack);
    return {
        ...rest,
        stack,
        applicationProfiles: { ...builtInProfiles, ...settings.applicationProfiles },
        scrapeTimeout: settings.scrapeTimeout ?? Math.min(defaultScrapeTimeout, settings.scrapeInterval),
        network: { ...settings.network, subnet, gateway: settings.network.gateway ?? firstHost(subnet) },
        prometheus: { ...prometheus, ...image(prometheus) },
        ...(alertmanager.enabled && {
            alertmanager: {
                ...alertmanager,
                ...image(alertmanager),
                externalUrl: alertmanager.externalUrl ?? `http://${alertmanager.bindAddress}:${alertmanager.port}`,
            },
        }),
        ...(nodeExporter.enabled && {
            nodeExporter: {
                ...nodeExporter,
                ...image(nodeExporter),
                instance: nodeExporter.instance ?? hostName,
            },
        }),
        ...(grafana.enabled && { grafana: { ...grafana, ...image(grafana), ownDashboards } }),
        ...(webBe.enabled && { webBe }),
    };
}

/**
 * One of 768 networks from 172.28.0.0/24 to 172.30.255.0/24, always the same for a stack's name. Docker hands these out
 * last when it picks networks by itself: https://docs.docker.com/engine/network/#subnet-allocation
 */
export function defaultSubnet(stack: string): string {
    return subnetAt(createHash("sha256").update(stack).digest().readUInt32BE(0) % subnetCount);
}

/** How many networks the stacks' defaults are chosen from. */
export const subnetCount = 768;

/** One of them. @param place from 0 to subnetCount - 1 */
export const subnetAt = (place: number) => `172.${28 + Math.floor(place / 256)}.${place % 256}.0/24`;

function firstHost(subnet: string): string {
    const first = parseSubnet(subnet)?.first;
    if (first === undefined) {
        throw new RangeError(`${subnet} is not a subnet`);
    }
    return formatIpv4(first + 1);
}
