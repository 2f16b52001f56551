/**
 * What the program behind a part of the declaration reads there, and what cannot be declared here: whoever writes it has made no
 * mistake in spelling.
 */
export interface Upstream {
    /** The program, e.g. "Prometheus". */
    readonly program: string;
    /** Its keys in its own spelling. */
    readonly keys: readonly string[];
    /** Why it is left out, and what to write instead, where it is for good. @default it cannot be declared yet */
    readonly reasons?: Reasons;
}

type Reasons = Readonly<Record<string, string>>;

/** @returns from keys of the program that cannot be declared yet, with spaces in between, and those left out for good: both. */
export const keysOf =
    (program: string) =>
    (keys: string, reasons: Reasons = {}): Upstream => ({
        program,
        keys: [...keys.split(/\s+/).filter(Boolean), ...Object.keys(reasons)],
        reasons,
    });

const prometheus = keysOf("Prometheus");

/** Each with the same reason. */
const all = (keys: string, reason: string) => Object.fromEntries(keys.split(" ").map((key) => [key, reason]));

const noSecretManager = "it names a secret of a program that Prometheus is built into; write the value itself";

const proxies = {
    proxy_from_environment: "its container has no variables of a proxy; write proxyUrl and noProxy",
    proxy_connect_header:
        "it is secret and Prometheus reads it from no file, so that it would stand readable in prometheus.yml; let the proxy know this host",
};

const notInAFile =
    "its login is secret and Prometheus reads it from no file, so that it would stand readable in prometheus.yml";
const elsewhere = `${notInAFile}; list the targets in a file for fileSdConfigs, or behind a URL for httpSdConfigs`;

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config, of 3.13 */
const scraping = {
    ...proxies,
    ...all("openstack_sd_configs ovhcloud_sd_configs uyuni_sd_configs", elsewhere),
};
export const upstreamJob = prometheus("", scraping);

/** Source: the sections of that page about the discoveries */
export const upstreamDiscovery = prometheus("", proxies);
export const upstreamAws = prometheus("", {
    ...proxies,
    ...all("access_key secret_key", `${notInAFile}; give the host a role, and write roleArn for another one`),
});
export const upstreamAzure = prometheus("", {
    ...proxies,
    client_secret: `${notInAFile}; give the host an identity, and write authenticationMethod: "ManagedIdentity"`,
});

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#alertmanager_config */
export const upstreamAlertmanagers = prometheus("", {
    ...scraping,
    api_version: "there is one only; leave it out",
});

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#storage */
export const upstreamStorage = prometheus("");
export const upstreamTsdb = prometheus("stale_series_compaction_threshold chunk_encoding", {
    retention: "write retentionTime and retentionSize of prometheus",
});

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#configuration-file */
export const upstreamStack = prometheus("scrape_config_files");

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#remote_write */
export const upstreamRemote = prometheus("", proxies);
export const upstreamAzuread = prometheus("", {
    workload_identity:
        "it is Kubernetes that puts its token into a container; write managedIdentity, oauth or certificate",
});
export const upstreamAzureCertificate = prometheus("", {
    certificate_password:
        "Prometheus reads it from no file, so that it would stand readable in prometheus.yml; write a key without one in certificateKey",
});

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#tls_config */
export const upstreamTls = prometheus("", all("ca_ref cert_ref key_ref", noSecretManager));

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#http_config */
export const upstreamBasicAuth = prometheus("", all("username_ref password_ref", noSecretManager));
export const upstreamAuthorization = prometheus("", all("credentials_ref", noSecretManager));

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#oauth2 */
export const upstreamOauth2 = prometheus("", {
    ...all("client_secret_ref client_certificate_key_ref", noSecretManager),
    ...proxies,
});

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/https/ */
export const upstreamWeb = prometheus("rate_limit");
export const upstreamWebTls = prometheus("", {
    client_auth_type: "with clientCa it is RequireAndVerifyClientCert, and every other one is insecure; leave it out",
});
