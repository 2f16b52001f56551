import type { Alerting } from "../schema/alerting";
import { formatDuration } from "../schema/units";
import type { SecretFiles } from "./httpClient";
import { httpClient } from "./httpClient";
import { defined, snakeCase } from "./words";

/** Whom alerts are sent to in Prometheus' own words, and the files that are named in place of secrets. */
export function alertingOf({ alertmanagers, alertRelabelConfigs }: Alerting): {
    readonly config: { readonly alertmanagers: readonly object[] } & Readonly<Record<string, unknown>>;
    readonly secrets: SecretFiles;
} {
    const all = alertmanagers.map((group, i) => alertmanagersOf(group, `@alertmanagers${i}`));
    return {
        config: {
            ...snakeCase({ alertRelabelConfigs }),
            alertmanagers: all.map(({ config }) => config),
        },
        secrets: Object.fromEntries(all.flatMap(({ secrets }) => Object.entries(secrets))),
    };
}

function alertmanagersOf(group: Alerting["alertmanagers"][number], owner: string) {
    const { staticConfigs, scheme, pathPrefix, timeout, relabelConfigs, alertRelabelConfigs, ...client } = group;
    const { config, secrets } = httpClient(client, owner);
    const own = snakeCase({ staticConfigs, scheme, pathPrefix, relabelConfigs, alertRelabelConfigs });
    return { config: defined({ ...own, timeout: timeout && formatDuration(timeout), ...config }), secrets };
}
