import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { containerPorts } from "../../config/ownJobs";
import { configMountPath, prometheusUserId as userId, targetsFolder } from "./files";
import type { Secret } from "../../config/schema/secret";
import { formatDuration } from "../../config/schema/units";
import { ConfigVolume } from "../configVolume";
import { dataVolume } from "../volume";
import type { ServiceArgs } from "../service";
import { containerOptions, dockerName, hardened } from "../stack";

export interface PrometheusArgs extends ServiceArgs {
    /** How long samples are kept, in milliseconds. */
    readonly retentionTime: number;
    /** How many bytes the samples may take. @default no limit */
    readonly retentionSize?: number | undefined;
    /** Docker networks of other projects to join, so that their containers are scraped by name. */
    readonly joinNetworks: readonly string[];
    /** What the jobs' secret files hold. */
    readonly secretFiles: Readonly<Record<string, Secret>>;
}

const containerPort = containerPorts.prometheus;

/**
 * Prometheus with its data volume and its configuration. A changed job is reloaded and verified, a changed target needs
 * not even that; the container is replaced only when its image, flags, ports or networks change.
 */
export class Prometheus extends pulumi.ComponentResource {
    /** Where the Docker host's users find it, e.g. "http://127.0.0.1:9090". */
    public readonly url: string;

    constructor(name: string, args: PrometheusArgs, opts?: pulumi.ComponentResourceOptions) {
        super("monitoring:index:Prometheus", name, {}, opts);
        const containerName = dockerName(args.stack, "prometheus");
        const data = dataVolume(`${name}-data`, args, "prometheus-data", this);
        const config = new ConfigVolume(
            `${name}-config`,
            {
                stack: args.stack,
                role: "prometheus",
                mountPath: configMountPath,
                image: args.image,
                userId,
                files: args.files,
                watchedFolder: targetsFolder,
                secretFiles: Object.fromEntries(
                    Object.entries(args.secretFiles).map(([file, secret]) => [file, pulumi.secret(secret.reveal())]),
                ),
                check: checkCommand,
                generation: args.generation,
                startTimeout: args.startTimeout,
                dockerHost: args.dockerHost,
            },
            { parent: this },
        );
        const container = new docker.Container(
            name,
            {
                ...hardened(args.stack, args.memoryLimit),
                name: containerName,
                image: args.image,
                user: `${userId}:${userId}`,
                command: flags(args),
                networkMode: "bridge",
                networksAdvanced: [
                    { name: args.network.networkName },
                    ...args.joinNetworks.map((network) => ({ name: network })),
                ],
                // The host's address in the stack's own network, not in Docker's default one.
                hosts: [{ host: "host.docker.internal", ip: args.network.gateway }],
                ports: [{ internal: containerPort, external: args.port, ip: args.bindAddress }],
                mounts: [
                    { type: "volume", source: data, target: "/prometheus" },
                    { type: "volume", source: config.volumeName, target: configMountPath, readOnly: true },
                ],
                healthcheck: {
                    tests: ["CMD", "wget", "-q", "--spider", `http://127.0.0.1:${containerPort}/-/ready`],
                    interval: "5s",
                    timeout: "3s",
                    retries: 3,
                    // Failures do not count while the write-ahead log is replayed.
                    startPeriod: "5m0s",
                },
                // Time to write the head block; without it the container is killed at once.
                destroyGraceSeconds: 120,
                stopTimeout: 120,
            },
            { parent: this, dependsOn: [config.staged], ...containerOptions },
        );
        config.activate(container, "prometheus");
        this.url = `http://${args.bindAddress}:${args.port}`;
        this.registerOutputs({ url: this.url });
    }
}

/**
 * promtool resolves target lists and rules by their path in the volume, where the previous ones still stand: this points it
 * at those of the release under check.
 */
const checkCommand = [
    `sed -e 's#${configMountPath}/${targetsFolder}/#${targetsFolder}/#' -e 's#${configMountPath}/current/##' prometheus.yml > checked.yml`,
    'said="$(promtool check config checked.yml 2>&1)" || { echo "$said" >&2; exit 1; }',
    "rm checked.yml",
].join(" && ");

/** Source: https://prometheus.io/docs/prometheus/latest/command-line/prometheus/ */
function flags({ retentionTime, retentionSize }: PrometheusArgs): string[] {
    return [
        `--config.file=${configMountPath}/current/prometheus.yml`,
        "--storage.tsdb.path=/prometheus",
        `--storage.tsdb.retention.time=${formatDuration(retentionTime)}`,
        ...(retentionSize === undefined ? [] : [`--storage.tsdb.retention.size=${retentionSize}B`]),
        "--web.enable-lifecycle",
    ];
}
