import type { Lenient } from "../../config/schema/lenient";
import type { LenientDeclaration } from "../../config/schema/part";
import type { DeclaredProbe } from "../../config/schema/probe";
import { instanceOf, proberOf } from "../../config/schema/probe";
import type { Problem } from "../../config/schema/problems";
import { instead, show } from "../../config/schema/problems";
import { jobName, jobNameOf } from "./jobs";
import type { BlackboxExporterSettings } from "./settings";

type Probe = Lenient<DeclaredProbe>;
type Settings = Lenient<BlackboxExporterSettings>;

/** The mistakes that only show when a probe's keys, the modules and the jobs are seen together. */
export function checkProbes(declared: LenientDeclaration): Problem[] {
    const probes = (declared.probes ?? []).map((probe) => probe ?? {});
    const settings = (declared.blackboxExporter ?? {}) as Settings;
    return [
        ...nobodyAsks(settings, probes),
        ...repeated(probes),
        ...probes.flatMap((probe, i) =>
            [...unreadable(probe), ...unknownModule(probe, settings)].map(({ path, message }) => ({
                path: ["probes", i, ...path],
                message,
            })),
        ),
        ...takenJobs(declared, probes),
        ...readableSecrets(settings.modules ?? {}, ["blackboxExporter", "modules"]),
    ];
}

function nobodyAsks({ enabled }: Settings, probes: readonly Probe[]): Problem[] {
    const message = "is false, and nobody asks what is in probes; leave it out, or leave probes out";
    return enabled === false && probes.length > 0 ? [{ path: ["blackboxExporter", "enabled"], message }] : [];
}

/** Two of one name would overwrite each other's series. */
function repeated(probes: readonly Probe[]): Problem[] {
    const names = probes.map(({ target, instance }) => target && instanceOf({ target, instance }));
    return names.flatMap((name, i) => {
        const first = names.indexOf(name);
        const message = `${show(name)} is what {other} is called already; write it once, or give it an instance of its own`;
        return name === undefined || first === i
            ? []
            : [{ path: ["probes", i, "target"], message, other: ["probes", first] }];
    });
}

/** What is expected has to be something that the way of asking can see. */
function unreadable({ target, module, ...probe }: Probe): Problem[] {
    if (target === undefined) {
        return [];
    }
    const prober = proberOf(target);
    const reads =
        module !== undefined ? [] : prober === "http" ? ["status", "text"] : /^t/.test(prober) ? ["text"] : [];
    return (["status", "text"] as const)
        .filter((key) => key in probe && !reads.includes(key))
        .map((key) => ({
            path: [key],
            message:
                module === undefined
                    ? `is nothing that the answer of ${show(target)} has; leave it out, or write a module of blackboxExporter.modules`
                    : `stands beside module, which says what is expected; write one of the two`,
        }));
}

function unknownModule({ module }: Probe, { modules = {} }: Settings): Problem[] {
    const known = Object.keys(modules);
    if (module === undefined || known.includes(module)) {
        return [];
    }
    const advice = known.length === 0 ? "declare it there, or leave it out" : instead(module, known);
    return [{ path: ["module"], message: `${show(module)} is no module of blackboxExporter.modules; ${advice}` }];
}

/** The job of all others is refused with those of all parts. */
function takenJobs({ scrapeJobs = [] }: LenientDeclaration, probes: readonly Probe[]): Problem[] {
    const own = new Set(probes.map(jobNameOf).filter((name) => name !== jobName));
    return scrapeJobs.flatMap((job, i) => {
        const message = `${show(job?.jobName)} is already the name of the stack's own probes; write a name of its own`;
        return own.has(job?.jobName ?? jobName) ? [{ path: ["scrapeJobs", i, "jobName"], message }] : [];
    });
}

/** Keys of a module whose values nobody else should read, and that have another one for a file. */
const secretKeys = new Set(["password", "credentials", "bearer_token", "client_secret", "key"]);

/** The modules stand readable in a file; what is secret stands in one of its own. */
function readableSecrets(value: unknown, path: Problem["path"]): Problem[] {
    if (typeof value !== "object" || value === null) {
        return [];
    }
    return Object.entries(value).flatMap(([key, item]) => {
        const at = [...path, Array.isArray(value) ? Number(key) : key];
        const message =
            `would stand readable in a file; write ${key}_file: /etc/blackbox_exporter/secrets/NAME, and the secret, encrypted, ` +
            "in blackboxExporter.secretFiles.NAME";
        return secretKeys.has(key) && typeof item === "string" ? [{ path: at, message }] : readableSecrets(item, at);
    });
}
