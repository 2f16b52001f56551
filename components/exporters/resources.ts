import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { isVolume } from "../../config/schema/part";
import { ConfigVolume, revealed } from "../configVolume";
import { dockerName } from "../dockerName";
import type { Deployed, Rendered, StackResources } from "../part";
import type { CommonArgs } from "../service";
import { containerOptions, hardened, hostEntry, networksOf, stackLabels } from "../stack";
import { configuration, mountPath, portLabel } from "./container";
import type { ExporterSettings } from "./settings";

export interface ExporterArgs extends CommonArgs, Rendered, Omit<ExporterSettings, "files" | "secretFiles" | "image"> {
    /** What its Docker names end in, e.g. "exporter-postgres". */
    readonly role: string;
}

/** Reads the variables that are named before `--` from files, and becomes the program that is named behind it. */
const withSecrets = `while [ "$1" != -- ]; do
    value="$(cat "${mountPath}/secrets/$1")" && export "$1=$value" || exit 1
    shift
done
shift
exec "$@"`;

/**
 * An exporter, for the stack's Prometheus and whoever it is published for. What it may not do unless that was declared: write
 * anywhere but into memory, have rights, be somebody else than nobody. A changed file or secret has it started again.
 */
export class Exporter extends pulumi.ComponentResource {
    constructor(name: string, args: ExporterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("monitoring:index:Exporter", name, {}, opts);
        const { user, publishedPort } = args;
        const config = new ConfigVolume(
            `${name}-config`,
            {
                ...args,
                configuration: configuration(user),
                image: args.shell,
                secretFiles: revealed(args.secretFiles),
            },
            { parent: this },
        );
        const container = new docker.Container(
            name,
            {
                ...hardened(args),
                labels: [...stackLabels(args.stack), { label: portLabel, value: String(args.port) }],
                name: dockerName(args.stack, args.role),
                image: args.image,
                user,
                ...run(args),
                envs: Object.entries(args.environment).map(([variable, value]) => `${variable}=${value}`),
                networkMode: "bridge",
                networksAdvanced: networksOf(args),
                hosts: [hostEntry(args)],
                ...(publishedPort !== undefined && {
                    ports: [{ internal: args.port, external: publishedPort, ip: args.bindAddress }],
                }),
                mounts: [
                    { type: "volume", source: config.volumeName, target: mountPath, readOnly: true },
                    ...args.mounts.map(({ source, ...mount }) => ({
                        ...{ type: isVolume(source) ? "volume" : "bind", source, ...mount },
                    })),
                ],
                ...(args.tmpfs.length > 0 && { tmpfs: Object.fromEntries(args.tmpfs.map((path) => [path, ""])) }),
                destroyGraceSeconds: 5,
            },
            { parent: this, dependsOn: [config.staged], ...containerOptions },
        );
        config.activate(container, "exporters");
        this.registerOutputs({});
    }
}

/** What is run: the image's own program, or a shell that reads the secret variables and becomes the program. */
function run({ program, command, secretEnvironment }: ExporterArgs): Partial<docker.ContainerArgs> {
    const variables = Object.keys(secretEnvironment).sort();
    const entrypoints =
        variables.length === 0 ? program : ["sh", "-c", withSecrets, "sh", ...variables, "--", ...(program ?? [])];
    return { ...(entrypoints && { entrypoints }), ...(command && { command }) };
}

export const deployAs = (
    role: string,
    settings: ExporterSettings,
    rendered: Rendered,
    { common, opts }: StackResources,
): Deployed => ({ component: new Exporter(role, { ...common, ...settings, ...rendered, role }, opts) });
