/** Where Prometheus finds its configuration volume. */
export const configMountPath = "/etc/prometheus";

/**
 * Folder of the target lists, in the volume and in a release. Prometheus watches the files, so a change of targets
 * needs no reload: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config
 */
export const targetsFolder = "targets";

/** Where Prometheus reads a secret file. */
export const secretPath = (file: string) => `${configMountPath}/secrets/${file}`;
