import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { clusterPort, configuration, containerPort, data as kept } from "./container";
import { alertmanagerMountPath, pairFile, secretPath } from "./files";
import { accessTo, askingFile, webFile } from "../../config/render/web";
import type { Web } from "../../config/schema/web";
import type { AlertmanagerSettings } from "./settings";
import type { Deployed, Rendered, StackResources } from "../part";
import { ConfigVolume, revealed } from "../configVolume";
import { publishedUrl } from "../publishedUrl";
import type { ServiceArgs } from "../service";
import { clusterOf } from "../../config/schema/pair";
import { dockerName } from "../dockerName";
import { containerOptions, hardened, healthcheck, hostEntry, networksOf } from "../stack";
import { dataVolume } from "../volume";

export interface AlertmanagerArgs extends ServiceArgs {
    /** Where people find it: the messages link to it, e.g. "https://alerts.example.com". @default where it is published */
    readonly externalUrl?: string | undefined;
    /** Its own certificate and users. @default it is asked by HTTP, and without a login */
    readonly web?: Web | undefined;
    /** The other Alertmanager of a pair, and where that one finds this one. @default it is alone */
    readonly cluster?: { readonly address: string; readonly port: number; readonly other: string } | undefined;
}

/**
 * Alertmanager with its silences and its configuration. A changed receiver or route is reloaded and verified; a changed
 * secret is read when the next message is sent.
 */
export class Alertmanager extends pulumi.ComponentResource {
    /** Where the Docker host's users find it, e.g. "http://127.0.0.1:9093". */
    public readonly url: string;

    constructor(name: string, args: AlertmanagerArgs, opts?: pulumi.ComponentResourceOptions) {
        super("monitoring:index:Alertmanager", name, {}, opts);
        this.url = publishedUrl({ ...args, ...accessTo(args.web) });
        const data = dataVolume(`${name}-data`, args, "alertmanager-data", this);
        const config = new ConfigVolume(
            `${name}-config`,
            { ...args, role: "alertmanager", configuration, secretFiles: revealed(args.secretFiles) },
            { parent: this },
        );
        const container = new docker.Container(
            name,
            {
                ...hardened(args),
                name: dockerName(args.stack, "alertmanager"),
                image: args.image,
                user: `${kept.userId}:${kept.groupId}`,
                command: flags(args.externalUrl ?? this.url, args),
                networkMode: "bridge",
                networksAdvanced: networksOf(args),
                // A receiver may be a service on the Docker host.
                hosts: [hostEntry(args)],
                ports: [
                    { internal: containerPort, external: args.port, ip: args.bindAddress },
                    ...(args.cluster
                        ? [{ internal: clusterPort, external: args.cluster.port, ip: args.cluster.address }]
                        : []),
                ],
                mounts: [
                    { type: "volume", source: data, target: kept.mountPath },
                    { type: "volume", source: config.volumeName, target: configuration.mountPath, readOnly: true },
                ],
                healthcheck: healthcheck(...(args.web ? askedByItsTool(args.web) : ["wget", "-q", "--spider", ready])),
                // Time to write silences and what was sent; without it the container is killed at once.
                destroyGraceSeconds: 30,
                stopTimeout: 30,
            },
            { parent: this, dependsOn: [config.staged], ...containerOptions },
        );
        config.activate(container, "alertmanager");
        this.registerOutputs({ url: this.url });
    }
}

const ready = `http://127.0.0.1:${containerPort}/-/ready`;

/**
 * Its own tool knows every kind of certificate and login, and finds the stack's in a file: nobody sees them.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#http_config
 */
const askedByItsTool = (web: Web) => [
    ...["amtool", "cluster", "show", `--http.config.file=${secretPath(askingFile)}`],
    `--alertmanager.url=${accessTo(web).scheme}://127.0.0.1:${containerPort}`,
];

/** Source: https://github.com/prometheus/alertmanager/blob/main/cmd/alertmanager/main.go */
function flags(externalUrl: string, { cluster, web }: Pick<AlertmanagerArgs, "cluster" | "web">): string[] {
    return [
        `--config.file=${alertmanagerMountPath}/current/alertmanager.yml`,
        "--storage.path=/alertmanager",
        // How often silences and what was sent are written: a crash loses what is newer, and a backup waits for it. By default 15m.
        "--data.maintenance-interval=30s",
        `--web.external-url=${externalUrl}`,
        // Else the path of the external URL would stand before every address, that of the health check included.
        "--web.route-prefix=/",
        ...(web ? [`--web.config.file=${secretPath(webFile)}`] : []),
        ...(cluster
            ? [
                  `--cluster.listen-address=0.0.0.0:${clusterPort}`,
                  `--cluster.advertise-address=${cluster.address}:${cluster.port}`,
                  `--cluster.peer=${cluster.other}`,
                  // By TLS, which needs no UDP either: the provider finds a port with two protocols in another order each time.
                  `--cluster.tls-config=${alertmanagerMountPath}/current/${pairFile}`,
              ]
            : ["--cluster.listen-address="]), // It is alone, and looks for no others.
    ];
}

export function deploy(
    settings: AlertmanagerSettings,
    rendered: Rendered,
    { common, config, opts }: StackResources,
): Deployed {
    const component = new Alertmanager(
        "alertmanager",
        { ...common, ...settings, ...rendered, cluster: clusterOf(config.pair) },
        opts,
    );
    return { component, outputs: { alertmanagerUrl: component.url } };
}
