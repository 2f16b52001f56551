import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import type { Keys } from "./goStructs";
import { goKeys } from "./goStructs";
import { goModules } from "./recordedKeys";

/** The keys that the pinned Alertmanager reads, from the source of its Go module. */

export interface AlertmanagerKeys {
    readonly config: Keys;
    /** Each kind of receiver, such as "slack_configs". */
    readonly receiver: Readonly<Record<string, Keys>>;
    readonly route: Keys;
    readonly inhibit_rule: Keys;
    readonly time_interval: Keys;
}

/** @param version of the Go module, e.g. "v0.34.1" @returns undefined where the cache does not have it */
export function readAlertmanagerKeys(version: string): AlertmanagerKeys | undefined {
    const source = path.join(goModules, `alertmanager@${version}`);
    const needed = existsSync(source) ? readFileSync(path.join(source, "go.mod"), "utf8") : "";
    const places = ["common", "sigv4"].map((name) =>
        path.join(goModules, `${name}@${new RegExp(`prometheus/${name} (\\S+)`).exec(needed)?.[1]}`),
    );
    const [http = "", sigv4 = ""] = places;
    if (!places.every((place) => existsSync(place))) {
        return undefined;
    }
    const notify = path.join(source, "notify");
    const kinds = readdirSync(notify, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const packages = {
        ...Object.fromEntries(kinds.map(({ name }) => [name, path.join(notify, name)])),
        commoncfg: path.join(http, "config"),
        amcommoncfg: path.join(source, "config/common"),
        timeinterval: path.join(source, "timeinterval"),
        sigv4,
    };
    const keys = goKeys(path.join(source, "config"), packages);
    const { receivers, route, inhibit_rules, time_intervals, ...rest } = keys("Config");
    return {
        config: Object.fromEntries(
            Object.keys({ receivers, route, inhibit_rules, time_intervals, ...rest }).map((key) => [key, null]),
        ),
        receiver: Object.fromEntries(
            Object.entries(receivers ?? {}).map(([kind, inside]): [string, Keys] => [kind, inside ?? {}]),
        ),
        route: route ?? {},
        inhibit_rule: inhibit_rules ?? {},
        time_interval: time_intervals ?? {},
    };
}
