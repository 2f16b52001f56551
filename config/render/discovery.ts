import type { Discovery } from "../schema/discovery";
import { discoveryKeys } from "../schema/discovery";
import type { HttpClient } from "../schema/httpClient";
import { Secret } from "../schema/secret";
import type { WithSecrets } from "./httpClient";
import { httpClient } from "./httpClient";
import { secretPath } from "./paths";
import { defined, snakeCase } from "./words";

type Discoveries = { readonly [Key in Discovery]?: readonly object[] | undefined };

/** A job without its discoveries. */
export const withoutDiscoveries = <Job extends object>(job: Job): Omit<Job, Discovery> =>
    Object.fromEntries(Object.entries(job).filter(([key]) => !discoveryKeys.includes(key as Discovery))) as Job;

/** Whose discoveries of Docker that name no host ask there. @param host undefined where none is without */
export function askingDocker<Owner extends Discoveries>(owner: Owner, host: string | undefined): Owner {
    const asking = (["dockerSdConfigs", "dockerswarmSdConfigs"] as const).flatMap((key) => {
        const configs = owner[key]?.map((config) => ({ host, ...config }));
        return configs === undefined ? [] : [[key, configs] as const];
    });
    return { ...owner, ...Object.fromEntries(asking) };
}

/**
 * The discoveries of a job in Prometheus' own words: "dns_sd_configs", for instance.
 * @param owner what the names of their secret files begin with
 */
export function discoveriesOf(job: Discoveries, owner: string): WithSecrets {
    const found = discoveryKeys.flatMap((key) => {
        const kind = key.replace("SdConfigs", "");
        const configs = (job[key] ?? []).map((config, i) => discovery(config, `${owner}@${kind}${i}`));
        return configs.length === 0 ? [] : [{ kind, configs }];
    });
    return {
        config: Object.fromEntries(
            found.map(({ kind, configs }) => [`${kind}_sd_configs`, configs.map(({ config }) => config)]),
        ),
        secrets: Object.assign({}, ...found.flatMap(({ configs }) => configs.map(({ secrets }) => secrets))),
    };
}

/** Any of them: what it says of HTTP, and keys of its own. */
type Declared = HttpClient & { readonly nodeMeta?: object } & Readonly<Record<string, unknown>>;

function discovery(declared: object, owner: string): WithSecrets {
    const { basicAuth, authorization, oauth2, tlsConfig, httpHeaders, nodeMeta, ...own } = declared as Declared;
    const client = httpClient({ basicAuth, authorization, oauth2, tlsConfig, httpHeaders }, owner);
    const secrets = Object.entries(own).flatMap(([key, value]) =>
        value instanceof Secret ? [[key, value] as const] : [],
    );
    const files = secrets.map(([key]) => [fileKeys[key] ?? `${key}File`, secretPath(`${owner}.${key}`)]);
    return {
        config: {
            ...snakeCase({ ...own, ...Object.fromEntries([...secrets.map(([key]) => [key, undefined]), ...files]) }),
            ...client.config,
            // Their names are the user's.
            ...defined({ node_meta: nodeMeta }),
        },
        secrets: {
            ...client.secrets,
            ...Object.fromEntries(secrets.map(([key, secret]) => [`${owner}.${key}`, secret])),
        },
    };
}

/** The keys for the file of a secret that do not end in "File". */
const fileKeys: Readonly<Record<string, string>> = {
    serviceAccountKey: "serviceAccountKeyPath",
    privateKey: "privateKeyPath",
};
