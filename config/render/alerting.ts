import type { Alerting } from "../schema/alerting";
import { formatDuration } from "../schema/units";
import type { AwsProfiles } from "./cloudLogins";
import { sigv4Of } from "./cloudLogins";
import { askingDocker, discoveriesOf, withoutDiscoveries } from "./discovery";
import type { SecretFiles } from "./httpClient";
import { httpClient } from "./httpClient";
import { defined, snakeCase } from "./words";

/** Whose Alertmanagers are found by asking Docker there, where they name no host. */
export const alertingThrough = ({ alertmanagers, ...rest }: Alerting, docker: string | undefined): Alerting => ({
    ...rest,
    alertmanagers: alertmanagers.map((group) => askingDocker(group, docker)),
});

/** Whom alerts are sent to in Prometheus' own words, and the files that are named in place of secrets. */
export function alertingOf({ alertmanagers, alertRelabelConfigs }: Alerting): {
    readonly config: { readonly alertmanagers: readonly object[] } & Readonly<Record<string, unknown>>;
    readonly secrets: SecretFiles;
    readonly profiles: AwsProfiles;
} {
    const all = alertmanagers.map((group, i) => alertmanagersOf(group, `@alertmanagers${i}`));
    return {
        config: {
            ...snakeCase({ alertRelabelConfigs }),
            alertmanagers: all.map(({ config }) => config),
        },
        secrets: Object.fromEntries(all.flatMap(({ secrets }) => Object.entries(secrets))),
        profiles: Object.fromEntries(all.flatMap(({ profiles }) => Object.entries(profiles))),
    };
}

function alertmanagersOf(group: Alerting["alertmanagers"][number], owner: string) {
    const { staticConfigs, scheme, pathPrefix, timeout, relabelConfigs, alertRelabelConfigs, sigv4, ...client } =
        withoutDiscoveries(group);
    const [asked, found] = [httpClient(client, owner), discoveriesOf(group, owner)];
    const targets = staticConfigs.length > 0 ? staticConfigs : undefined;
    const own = snakeCase({ staticConfigs: targets, scheme, pathPrefix, relabelConfigs, alertRelabelConfigs });
    const aws = sigv4 && sigv4Of(sigv4, owner);
    const more = { timeout: timeout && formatDuration(timeout), sigv4: aws?.config };
    return {
        config: defined({ ...own, ...more, ...asked.config, ...found.config }),
        secrets: { ...asked.secrets, ...found.secrets },
        profiles: aws?.profiles ?? {},
    };
}
