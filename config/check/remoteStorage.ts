import { hostMistake, loopbackMistake } from "../schema/hosts";
import { untranslated } from "../schema/otlp";
import type { LenientDeclaration } from "../schema/part";
import type { Problem } from "../schema/problems";
import { at, show } from "../schema/problems";
import { remoteName } from "../schema/remoteStorage";
import { clientMistakes } from "./jobs";
import type { DeclaredJob } from "./targets";

const keys = ["remoteWrite", "remoteRead"] as const;

type Remote = NonNullable<NonNullable<LenientDeclaration[(typeof keys)[number]]>[number]>;

/** What is wrong with where samples are sent to and read from: none of it is the container itself, and none has another's name. */
export const remoteMistakes = (declared: LenientDeclaration): Problem[] =>
    keys.flatMap((key) => {
        const all = (declared[key] ?? []).map((each) => each ?? {});
        return [
            ...all.flatMap((each, i) =>
                [...addressMistakes(each), ...asked(each)].map((mistake) => at([key, i], mistake)),
            ),
            ...sameNames(all, key),
        ];
    });

function addressMistakes({ url, proxyUrl }: Remote): Problem[] {
    if (url === undefined) {
        return [];
    }
    const { hostname, port } = new URL(url);
    const own =
        proxyUrl === undefined
            ? loopbackMistake({ host: hostname, port: port && `:${port}` }, "Prometheus'")
            : undefined;
    const mistake = hostMistake(hostname) ?? own;
    return mistake === undefined ? [] : [{ path: ["url"], message: `${show(url)} ${mistake}` }];
}

/** As a job is asked whose scheme is that of the address. */
const asked = (remote: Remote): Problem[] =>
    clientMistakes({
        ...remote,
        scheme: remote.url?.startsWith("https:") === false ? "http" : "https",
    } as DeclaredJob).map(({ path, message }) => ({
        path,
        message: message.replace(/ with the scheme http; .*/, " with http; write https:// in url"),
    }));

/** Metrics and alerts tell them apart by their names. */
function sameNames(all: readonly Remote[], key: string): Problem[] {
    const seen = new Map<string, number>();
    return all.flatMap(({ name, url }, i) => {
        if (url === undefined) {
            return [];
        }
        const called = remoteName({ name, url });
        const first = seen.get(called);
        seen.set(called, first ?? i);
        const message = `${show(called)} is already the name of ${key}[${first}]; write another one`;
        return first === undefined ? [] : [{ path: [key, i, "name"], message }];
    });
}

/** Names that are not accepted cannot be kept, and the latency of an application is read from the buckets of a histogram. */
export function otlpMistakes({ otlp, metricNameValidationScheme, pushedJobs = [] }: LenientDeclaration): Problem[] {
    const { translationStrategy, convertHistogramsToNhcb } = otlp ?? {};
    const isKept = untranslated.some((each) => each === translationStrategy);
    const message =
        `${show(translationStrategy)} keeps names that the metricNameValidationScheme "legacy" refuses; ` +
        'write "UnderscoreEscapingWithSuffixes"';
    const lost = "takes away the buckets that the alerts and graphs of pushedJobs read; leave it out";
    return [
        ...(isKept && metricNameValidationScheme === "legacy"
            ? [{ path: ["otlp", "translationStrategy"], message }]
            : []),
        ...(convertHistogramsToNhcb && pushedJobs.length > 0
            ? [{ path: ["otlp", "convertHistogramsToNhcb"], message: lost }]
            : []),
    ];
}
