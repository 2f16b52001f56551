/**
 * What the program behind a part of the declaration reads there, and what cannot be declared here: whoever writes it has made no
 * mistake in spelling.
 */
export interface Upstream {
    /** The program, e.g. "Prometheus". */
    readonly program: string;
    /** Its keys in its own spelling. */
    readonly keys: readonly string[];
}

/** Keys of a program, with spaces in between. */
export const keysOf =
    (program: string) =>
    (keys: string): Upstream => ({ program, keys: keys.trim().split(/\s+/) });

const prometheus = keysOf("Prometheus");

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config, of 3.13 */
export const upstreamJob = prometheus(`
    track_timestamps_staleness scrape_protocols scrape_native_histograms always_scrape_classic_histograms
    convert_classic_histograms_to_nhcb scrape_failure_log_file enable_compression native_histogram_bucket_limit
    native_histogram_min_bucket_factor keep_dropped_targets metric_name_validation_scheme metric_name_escaping_scheme
    extra_scrape_metrics oauth2 http_headers no_proxy proxy_from_environment proxy_connect_header
    aws_sd_configs azure_sd_configs consul_sd_configs digitalocean_sd_configs dns_sd_configs docker_sd_configs
    dockerswarm_sd_configs ec2_sd_configs eureka_sd_configs file_sd_configs gce_sd_configs hetzner_sd_configs http_sd_configs
    ionos_sd_configs kubernetes_sd_configs kuma_sd_configs lightsail_sd_configs linode_sd_configs marathon_sd_configs
    nerve_sd_configs nomad_sd_configs openstack_sd_configs outscale_sd_configs ovhcloud_sd_configs puppetdb_sd_configs
    scaleway_sd_configs serverset_sd_configs stackit_sd_configs triton_sd_configs uyuni_sd_configs vultr_sd_configs`);

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#configuration-file, with what is in `global` */
export const upstreamStack = prometheus(`
    runtime alerting rule_files scrape_config_files storage tracing remote_write remote_read otlp scrape_protocols
    rule_query_offset query_log_file scrape_failure_log_file keep_dropped_targets metric_name_validation_scheme
    metric_name_escaping_scheme scrape_native_histograms convert_classic_histograms_to_nhcb always_scrape_classic_histograms
    extra_scrape_metrics`);

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#tls_config */
export const upstreamTls = prometheus("ca_ref cert_ref key_ref");

/** Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config */
export const upstreamBasicAuth = prometheus("username_file username_ref password_ref");
export const upstreamAuthorization = prometheus("credentials_ref");
