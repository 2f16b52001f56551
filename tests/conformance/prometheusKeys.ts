import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import type { Keys } from "./goStructs";
import { goKeys } from "./goStructs";
import { goModules } from "./recordedKeys";

/** The keys that the pinned Prometheus reads, from the source of its Go module. */

export interface PrometheusKeys {
    readonly global: Keys;
    readonly scrape_config: Keys;
    readonly alerting: Keys;
    readonly storage: Keys;
    readonly remote_write: Keys;
    readonly remote_read: Keys;
    readonly otlp: Keys;
    readonly tracing: Keys;
    readonly runtime: Keys;
    /** Each kind of service discovery, such as "ec2_sd_configs". */
    readonly discovery: Readonly<Record<string, Keys>>;
}

/** @param version of the Go module, e.g. "v0.313.5" @returns undefined where the cache does not have it */
export function readPrometheusKeys(version: string): PrometheusKeys | undefined {
    const source = path.join(goModules, `prometheus@${version}`);
    const needs = (name: string) =>
        existsSync(source) ? new RegExp(`prometheus/${name} (\\S+)`).exec(read(source, "go.mod"))?.[1] : undefined;
    const http = path.join(goModules, `common@${needs("common")}/config`);
    const sigv4 = path.join(goModules, `sigv4@${needs("sigv4")}`);
    if (!existsSync(http) || !existsSync(sigv4)) {
        return undefined;
    }
    const own = (folder: string) => path.join(source, folder);
    const clouds = { sigv4, azuread: own("storage/remote/azuread"), googleiam: own("storage/remote/googleiam") };
    const packages = { config: http, config_util: http, relabel: own("model/relabel"), ...clouds };
    const keys = goKeys(path.join(source, "config"), packages);
    return {
        global: keys("GlobalConfig"),
        scrape_config: keys("ScrapeConfig"),
        alerting: { ...keys("AlertingConfig"), alertmanagers: keys("AlertmanagerConfig") },
        storage: keys("StorageConfig"),
        remote_write: keys("RemoteWriteConfig"),
        remote_read: keys("RemoteReadConfig"),
        otlp: keys("OTLPConfig"),
        tracing: keys("TracingConfig"),
        runtime: keys("RuntimeConfig"),
        discovery: Object.fromEntries(kinds(source).map(({ kind, folder, name }) => [kind, goKeys(folder, packages)(name)])),
    };
}

/** Each discovery says what it is called: `func (*SDConfig) Name() string { return "dns" }`. */
function kinds(source: string) {
    const discovery = path.join(source, "discovery");
    return readdirSync(discovery, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .flatMap((entry) => {
            const folder = path.join(discovery, entry.name);
            const files = readdirSync(folder).filter((file) => file.endsWith(".go") && !file.endsWith("_test.go"));
            return files.flatMap((file) =>
                [...read(folder, file).matchAll(/^func \(\*?(\w*SDConfig)\) Name\(\) string \{\s*return "(\w+)"/gm)].map(
                    ([, name = "", kind = ""]) => ({ kind: `${kind}_sd_configs`, folder, name }),
                ),
            );
        })
        .sort((a, b) => (a.kind < b.kind ? -1 : 1));
}

const read = (folder: string, file: string) => readFileSync(path.join(folder, file), "utf8");
