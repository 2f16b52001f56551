import { z } from "zod";

/**
 * The declaration, read leniently: whatever was refused already counts as absent, so that the mistakes that only show when
 * several keys are seen together are told in the same run as the others.
 */

const text = z.string().optional().catch(undefined);
// NaN is neither equal to, nor more or less than anything: a refused number is in no second mistake.
const number = z.number().optional().catch(NaN);
const anything = z.record(z.string(), z.unknown());

const group = z.object({
    targets: z.array(z.string().catch("")).catch([]),
    labels: z.record(z.string(), z.string().catch("")).catch({}),
});
const application = z.object({ profile: text }).optional().catch(undefined);
const job = z.object({
    jobName: text,
    staticConfigs: z.array(group.catch({ targets: [], labels: {} })).catch([]),
    scheme: text,
    scrapeInterval: number,
    scrapeTimeout: number,
    proxyUrl: text,
    basicAuth: z.unknown().optional(),
    authorization: z.unknown().optional(),
    application,
    tlsConfig: anything.optional().catch(undefined),
    relabelConfigs: z
        .array(z.object({ action: text, targetLabel: text }).catch({ action: undefined, targetLabel: undefined }))
        .catch([]),
});
const part = z.object({
    enabled: z.boolean().catch(true),
    port: number,
    bindAddress: text,
    dataVolume: text,
    application,
});
const declaration = z.object({
    scrapeInterval: z.number().catch(NaN),
    scrapeTimeout: number,
    scrapeJobs: z.array(job.catch(job.parse({}))).catch([]),
    applicationProfiles: anything.catch({}),
    alerts: z.object({ disabled: z.array(text).catch([]) }).catch({ disabled: [] }),
    network: z
        .object({ subnet: text, gateway: text, join: z.array(text).catch([]) })
        .catch({ subnet: undefined, gateway: undefined, join: [] }),
    alertmanager: part.catch(part.parse({})),
    prometheus: part.catch(part.parse({})),
    nodeExporter: part.catch(part.parse({})),
    grafana: part.catch(part.parse({})),
    webBe: part.catch(part.parse({})),
});

export type Declaration = z.output<typeof declaration>;
export type DeclaredJob = z.output<typeof job>;

/** Reads what zod made of a declaration, complete or not. */
export const readLeniently = (settings: unknown): Declaration => declaration.parse(settings);
