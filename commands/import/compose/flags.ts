import type { Node } from "yaml";
import { Scalar, YAMLSeq } from "yaml";
import { placeOf, remember } from "../places";
import type { Note } from "../notes";
import { note } from "../notes";
import type { Flag } from "./service";

/** Flags of the programs: what is declared of them. */

/** What of a flag is declared: a key, or why there is none. */
type Meaning = { readonly key: string } | { readonly left: string } | "same";

const onlyRoot = "it is / here: a proxy in front has it otherwise, and externalUrl says where people find it";

/** Source: https://prometheus.io/docs/prometheus/latest/command-line/prometheus/ */
const prometheus: Readonly<Record<string, Meaning>> = {
    ...same("config.file storage.tsdb.path web.enable-lifecycle web.listen-address config.auto-reload"),
    ...same("config.auto-reload-interval web.console.templates web.console.libraries storage.agent.path"),
    agent: { key: "mode" },
    "storage.tsdb.retention": { key: "retentionTime" },
    "storage.tsdb.retention.time": { key: "retentionTime" },
    "storage.tsdb.retention.size": { key: "retentionSize" },
    "web.external-url": { key: "externalUrl" },
    "enable-feature": { key: "enableFeatures" },
    "query.timeout": { key: "queryTimeout" },
    "query.max-concurrency": { key: "queryMaxConcurrency" },
    "query.max-samples": { key: "queryMaxSamples" },
    "query.lookback-delta": { key: "queryLookbackDelta" },
    "web.route-prefix": { left: onlyRoot },
    "web.config.file": { left: "write what is in that file in prometheus.web: docs/access.md" },
    "log.format": { left: "what Prometheus says of a failure is read from its log" },
};

/** Source: https://github.com/prometheus/alertmanager/blob/main/cmd/alertmanager/main.go */
const alertmanager: Readonly<Record<string, Meaning>> = {
    ...same("config.file storage.path web.listen-address"),
    "web.external-url": { key: "externalUrl" },
    "web.route-prefix": { left: onlyRoot },
    "web.config.file": { left: "write what is in that file in alertmanager.web: docs/access.md" },
};

/** Source: https://github.com/prometheus/node_exporter */
const nodeExporter: Readonly<Record<string, Meaning>> = same(
    "path.procfs path.sysfs path.rootfs path.udev.data web.listen-address",
);

const known: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = { prometheus, alertmanager, nodeExporter };

function same(names: string): Record<string, Meaning> {
    return Object.fromEntries(names.split(" ").map((name) => [name, "same"]));
}

/** The keys that are declared of a part's flags, with their values. */
export function declaredFlags(
    part: string,
    flags: readonly Flag[],
    what: string,
    say: (said: Note) => void,
): Readonly<Record<string, Node>> {
    const declared: Record<string, Node> = {};
    const extra = new YAMLSeq();
    for (const flag of flags) {
        const meaning = known[part]?.[flag.name];
        if (meaning === undefined && part === "prometheus") {
            extra.items.push(at(flag, `--${flag.name}${flag.value === undefined ? "" : `=${flag.value}`}`));
        } else if (meaning === undefined || (typeof meaning === "object" && "left" in meaning)) {
            const words = meaning?.left ?? "there is no key for it";
            say(note("decide", flag.node, `${what}: --${flag.name}`, `is left out: ${words}`));
        } else if (meaning !== "same") {
            declared[meaning.key] = valueOf(flag, meaning.key);
        }
    }
    return { ...declared, ...(extra.items.length > 0 && { extraFlags: extra }) };
}

function valueOf(flag: Flag, key: string): Node {
    const value = flag.value ?? "";
    if (key === "enableFeatures") {
        const list = new YAMLSeq();
        list.items = value.split(",").map((feature) => at(flag, feature.trim()));
        return list;
    }
    if (key === "mode") {
        return at(flag, flag.name);
    }
    return at(flag, /^queryMax/.test(key) ? Number(value) : value);
}

function at({ node }: Flag, value: string | number): Scalar {
    const scalar = new Scalar(value);
    const place = placeOf(node);
    if (place) {
        remember(scalar, place);
    }
    return scalar;
}

/** The value of a flag. @default where it is not given */
export const flagValue = (flags: readonly Flag[], name: string): string | undefined =>
    [...flags].reverse().find((flag) => flag.name === name)?.value;
