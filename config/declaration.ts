import { createHash } from "node:crypto";
import { crossCheck } from "./check";
import { agentMistakes } from "./check/agent";
import type { Extended } from "./extends";
import { extended } from "./extends";
import { withoutSecrets } from "./check/secrets";
import { halfCharacters } from "./check/texts";
import { alertNames } from "./render/rules";
import { readLeniently } from "./schema/lenient";
import { hasThanos, isAgent } from "./schema/mode";
import type { Declarable, LenientDeclaration, Surroundings } from "./schema/part";
import { partsOf } from "./schema/part";
import type { Problem } from "./schema/problems";
import { ConfigError } from "./schema/problems";
import { builtInProfiles } from "./schema/profiles";
import { isInShard } from "./schema/shard";
import type { General, StackConfig } from "./schema/stack";
import { stackSchema } from "./schema/stack";
import { formatIpv4, parseSubnet, subnetAt, subnetCount } from "./schema/units";

/** A checked declaration. */
export interface Declaration {
    /** What is declared beside the parts. */
    readonly config: StackConfig;
    /** What is declared of each part, by its key. */
    readonly settings: Readonly<Record<string, unknown>>;
    readonly placed: Extended["placed"];
}

const defaultScrapeTimeout = 10_000;

/**
 * Takes over what other files say that it extends, checks every key and applies the defaults.
 * @param raw the declaration without its `metrics-stack:` prefixes, e.g. `{ scrapeInterval: "15s", scrapeJobs: [...] }`
 * @throws ConfigError that lists every mistake at once, each with its key.
 */
export function readDeclaration(
    raw: Readonly<Record<string, unknown>>,
    surroundings: Surroundings,
    declarable: readonly Declarable[],
): Declaration {
    const { declared, problems: ofFiles, placed } = extended(raw, surroundings);
    const { value, problems } = readLeniently(stackSchema(declarable), declared);
    const parts = partsOf(declarable, value);
    const isShared = (path: Problem["path"]) => placed({ path, message: "" }).at !== undefined;
    const mistakes = [
        ...ofFiles,
        ...problems,
        ...halfCharacters(declared),
        ...agentMistakes(declared),
        ...crossCheck(value as LenientDeclaration, { ...surroundings, isShared }, parts, alertNames()),
    ];
    if (mistakes.length > 0) {
        throw new ConfigError(withoutSecrets(mistakes.map(placed), raw, surroundings));
    }
    const isOfPart = (key: string) => declarable.some((part) => part.key === key);
    const entries = Object.entries(value);
    return {
        config: withDefaults(Object.fromEntries(entries.filter(([key]) => !isOfPart(key))) as General, {
            ...surroundings,
            isOneOfMany: isAgent(value) || hasThanos(value),
        }),
        settings: Object.fromEntries(entries.filter(([key]) => isOfPart(key))),
        placed,
    };
}

function withDefaults(
    general: General,
    { stack, hostName, isOneOfMany }: Pick<Surroundings, "stack" | "hostName"> & { readonly isOneOfMany: boolean },
): StackConfig {
    const isUnlabelled = Object.keys(general.externalLabels).length === 0 && general.pair === undefined;
    const subnet = general.network.subnet ?? defaultSubnet(stack);
    return {
        ...general,
        stack,
        hostName,
        // Every stack has the job prometheus with the instance localhost:9090, and those of many come to one place.
        externalLabels: isOneOfMany && isUnlabelled ? { stack } : general.externalLabels,
        applicationProfiles: { ...builtInProfiles, ...general.applicationProfiles },
        scrapeTimeout: general.scrapeTimeout ?? Math.min(defaultScrapeTimeout, general.scrapeInterval),
        probes: general.probes.filter(({ target }) => isInShard(general.shard, target)),
        network: { ...general.network, subnet, gateway: general.network.gateway ?? firstHost(subnet) },
    };
}

/**
 * One of 768 networks from 172.28.0.0/24 to 172.30.255.0/24, always the same for a stack's name. Docker hands these out
 * last when it picks networks by itself: https://docs.docker.com/engine/network/#subnet-allocation
 */
export function defaultSubnet(stack: string): string {
    return subnetAt(createHash("sha256").update(stack).digest().readUInt32BE(0) % subnetCount);
}

function firstHost(subnet: string): string {
    const first = parseSubnet(subnet)?.first;
    if (first === undefined) {
        throw new RangeError(`${subnet} is not a subnet`);
    }
    return formatIpv4(first + 1);
}
