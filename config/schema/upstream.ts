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

const discoveries = `
    aws_sd_configs azure_sd_configs consul_sd_configs digitalocean_sd_configs dns_sd_configs docker_sd_configs
    dockerswarm_sd_configs ec2_sd_configs ecs_sd_configs elasticache_sd_configs eureka_sd_configs file_sd_configs gce_sd_configs
    hetzner_sd_configs http_sd_configs ionos_sd_configs kubernetes_sd_configs kuma_sd_configs lightsail_sd_configs
    linode_sd_configs marathon_sd_configs msk_sd_configs nerve_sd_configs nomad_sd_configs openstack_sd_configs
    outscale_sd_configs ovhcloud_sd_configs puppetdb_sd_configs rds_sd_configs scaleway_sd_configs serverset_sd_configs
    stackit_sd_configs triton_sd_configs uyuni_sd_configs vultr_sd_configs`;

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config, of 3.13 */
export const upstreamJob = prometheus(discoveries, proxies);

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#alertmanager_config */
export const upstreamAlertmanagers = prometheus(discoveries, {
    ...proxies,
    api_version: "there is one only; leave it out",
});

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#storage */
export const upstreamStorage = prometheus("");
export const upstreamTsdb = prometheus("stale_series_compaction_threshold chunk_encoding", {
    retention: "write retentionTime and retentionSize of prometheus",
});

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#configuration-file */
export const upstreamStack = prometheus("runtime scrape_config_files tracing");

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
