import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { configuration, containerPort, data as kept } from "./container";
import { declaredFlags } from "./flags";
import { hasConsoles, modeOutput } from "./mode";
import type { PrometheusSettings } from "./settings";
import type { Deployed, Rendered, StackResources } from "../part";
import type { Mode } from "../../config/schema/mode";
import { formatDuration } from "../../config/schema/units";
import { awsCredentials, awsEnvironment } from "../../config/render/cloudLogins";
import { consolesFolder, consoleUrl } from "../../config/render/consoles";
import { isVolume } from "../../config/schema/part";
import { configMountPath, secretPath } from "../../config/render/paths";
import { accessTo, askingFile, webFile } from "../../config/render/web";
import type { Web } from "../../config/schema/web";
import { ConfigVolume, revealed } from "../configVolume";
import { dataVolume } from "../volume";
import { publishedUrl } from "../publishedUrl";
import type { ServiceArgs } from "../service";
import { dockerName } from "../dockerName";
import { containerOptions, hardened, healthcheck, hostEntry, networksOf } from "../stack";

export interface PrometheusArgs extends ServiceArgs {
    /** Where people find it: alerts link to it, e.g. "https://prometheus.example.com". @default where it is published */
    readonly externalUrl?: string | undefined;
    /** @default "server" */
    readonly mode?: Mode;
    /** How long samples are kept, in milliseconds. */
    readonly retentionTime: number;
    /** How many bytes the samples may take. @default no limit */
    readonly retentionSize?: number | undefined;
    /** Whether it leaves its blocks as it has written them, for who ships them. @default false */
    readonly keepsBlocks?: boolean;
    /** Whether it serves the pages of the dashboards. */
    readonly consoles: boolean;
    /** Its own certificate and users. @default it is asked by HTTP, and without a login */
    readonly web?: Web | undefined;
    /** Flags besides those that every stack has. @default none */
    readonly flags?: readonly string[];
    /** Variables of its environment, none of them secret. @default none */
    readonly environment?: readonly string[];
    /** What it sees of somebody else: a volume by its name, or a folder of the Docker host. @default nothing */
    readonly mounts?: readonly { readonly source: string; readonly target: string }[];
    /** Docker networks of other projects to join, so that their containers are scraped by name. */
    readonly joinNetworks: readonly string[];
}

/**
 * Prometheus with its data volume and its configuration. A changed job is reloaded and verified, a changed target needs
 * not even that; the container is replaced only when its image, flags, ports or networks change.
 */
export class Prometheus extends pulumi.ComponentResource {
    /** Where the Docker host's users find it, e.g. "http://127.0.0.1:9090". */
    public readonly url: string;
    /** Where people find it: the same, unless it was declared. */
    public readonly externalUrl: string;

    constructor(name: string, args: PrometheusArgs, opts?: pulumi.ComponentResourceOptions) {
        super("monitoring:index:Prometheus", name, {}, opts);
        this.url = publishedUrl({ ...args, ...accessTo(args.web) });
        this.externalUrl = args.externalUrl ?? this.url;
        const containerName = dockerName(args.stack, "prometheus");
        const data = dataVolume(`${name}-data`, args, "prometheus-data", this);
        const config = new ConfigVolume(
            `${name}-config`,
            { ...args, role: "prometheus", configuration, secretFiles: revealed(args.secretFiles) },
            { parent: this },
        );
        const container = new docker.Container(
            name,
            {
                ...hardened(args),
                name: containerName,
                image: args.image,
                user: `${kept.userId}:${kept.groupId}`,
                command: flags(args, this.externalUrl),
                ...(args.environment?.length && { envs: [...args.environment] }),
                networkMode: "bridge",
                networksAdvanced: networksOf(args),
                hosts: [hostEntry(args)],
                ports: [{ internal: containerPort, external: args.port, ip: args.bindAddress }],
                mounts: [
                    { type: "volume", source: data, target: kept.mountPath },
                    { type: "volume", source: config.volumeName, target: configuration.mountPath, readOnly: true },
                    ...(args.mounts ?? []).map(({ source, target }) => ({
                        type: isVolume(source) ? "volume" : "bind",
                        ...{ source, target, readOnly: true },
                    })),
                ],
                healthcheck: {
                    ...healthcheck(...(args.web ? askedByItsTool(args.web) : ["wget", "-q", "--spider", ready])),
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
        this.registerOutputs({ url: this.url });
    }
}

const ready = `http://127.0.0.1:${containerPort}/-/ready`;

/**
 * Its own tool knows every kind of certificate and login, and finds the stack's in a file: nobody sees them.
 * Source: https://prometheus.io/docs/prometheus/latest/command-line/promtool/#promtool-check-ready
 */
const askedByItsTool = (web: Web) => [
    ...["promtool", "check", "ready", `--http.config.file=${secretPath(askingFile)}`],
    `--url=${accessTo(web).scheme}://127.0.0.1:${containerPort}`,
];

/** Source: https://prometheus.io/docs/prometheus/latest/command-line/prometheus/ */
function flags(
    { mode, consoles, retentionTime, retentionSize, keepsBlocks, web, flags: more = [] }: PrometheusArgs,
    externalUrl: string,
): string[] {
    return [
        `--config.file=${configMountPath}/current/prometheus.yml`,
        ...(mode === "agent"
            ? // Beside the samples of a server that it may have been: an agent would take their log for its own.
              ["--agent", "--storage.agent.path=/prometheus/agent"]
            : [
                  "--storage.tsdb.path=/prometheus",
                  `--storage.tsdb.retention.time=${formatDuration(retentionTime)}`,
                  ...(retentionSize === undefined ? [] : [`--storage.tsdb.retention.size=${retentionSize}B`]),
                  // Source: https://thanos.io/tip/components/sidecar.md/
                  ...(keepsBlocks ? ["min", "max"] : []).map((end) => `--storage.tsdb.${end}-block-duration=2h`),
              ]),
        "--web.enable-lifecycle",
        `--web.external-url=${externalUrl}`,
        // Else the path of the external URL would stand before every address, that of the health check included.
        "--web.route-prefix=/",
        // Read from the current release whenever a page is asked for.
        ...(consoles ? ["templates", "libraries"] : []).map(
            (what) => `--web.console.${what}=${configMountPath}/current/${consolesFolder}`,
        ),
        ...(web ? [`--web.config.file=${secretPath(webFile)}`] : []),
        ...more,
    ];
}

export function deploy(
    settings: PrometheusSettings,
    rendered: Rendered,
    { common, config, published, opts }: StackResources,
): Deployed {
    const environment = awsCredentials in rendered.secretFiles ? [awsEnvironment] : [];
    const keepsBlocks = published.shippers.length > 0;
    const more = { flags: declaredFlags(settings), environment, keepsBlocks, joinNetworks: config.network.join };
    const args = { ...common, ...settings, ...rendered, ...more, consoles: hasConsoles(settings) };
    const component = new Prometheus("prometheus", args, opts);
    return {
        component,
        outputs: {
            prometheusUrl: component.url,
            ...(settings.mode === "agent" && { [modeOutput]: settings.mode }),
            ...(args.consoles && { consoleUrl: consoleUrl(component.externalUrl) }),
        },
    };
}
