import * as command from "@pulumi/command";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Files } from "../config/render/files";
import type { Secret } from "../config/schema/secret";
import type { Configuration } from "./part";
import { releaseOf } from "./release";
import type { StackArgs } from "./stack";
import { stackVolume } from "./volume";

export interface ConfigVolumeArgs extends StackArgs {
    /** Whose configuration it is, e.g. "prometheus"; the volume's name ends in "-prometheus-config". */
    readonly role: string;
    readonly configuration: Configuration;
    /** The container's image: its shell writes the files and its tools check them. */
    readonly image: string;
    /** The files of a release. */
    readonly files: Files;
    /** Secret files, mode 0400, in the volume's folder "secrets". Delivered apart, so that the others stay readable. */
    readonly secretFiles: Readonly<Record<string, pulumi.Input<string>>>;
    /**
     * What delivery/observe.js calls the present state of the volume. Another generation has every step run again: somebody
     * changed what was deployed. @default whatever was deployed last
     */
    readonly generation?: string | undefined;
    /** How long the container may take to become ready, in milliseconds. */
    readonly startTimeout: number;
    /** Docker endpoint of the stack's host. @default DOCKER_HOST, else the local socket */
    readonly dockerHost?: string | undefined;
}

/**
 * A volume with a program's configuration, written through the Docker endpoint: no path of the Docker host is involved.
 *
 * Two commands deliver the files. `stage` runs before the container: it checks the files and writes them as a release
 * beside the current one. `activate` runs after the container: it switches to the release, has it loaded, and verifies.
 * No input of the container depends on the files, so a change of them never replaces it.
 *
 *     current -> releases/3f1c...    the release that a restart finds; switched by one rename
 *     loaded -> releases/3f1c...     the last one that the container runs with: where a failure goes back to
 *     releases/3f1c.../              the files, complete and checked
 *     targets/                       the watched folder: copies that keep their path over all releases
 *     secrets/, wanted               the secret files, and the names of those that the declaration needs
 *     history                        which release was loaded when
 *     deployed, generation           checksums of all that, and their name: how a later preview sees what somebody changed
 */
export class ConfigVolume extends pulumi.ComponentResource {
    public readonly volumeName: pulumi.Output<string>;
    /** What the container depends on: from here on the volume holds a release that it can start with. */
    public readonly staged: command.local.Command;

    private readonly release: string;
    private readonly secretsDigest: pulumi.Output<string>;
    private readonly environment: Record<string, pulumi.Input<string>>;
    private readonly startTimeout: number;
    private readonly stepOptions: pulumi.CustomResourceOptions;

    constructor(
        private readonly name: string,
        args: ConfigVolumeArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("monitoring:index:ConfigVolume", name, {}, opts);
        const volume = stackVolume(name, args.stack, `${args.role}-config`, { parent: this });
        this.volumeName = volume.name;
        this.environment = {
            ...(args.dockerHost !== undefined && { DOCKER_HOST: args.dockerHost }),
            VOLUME: volume.name,
            MOUNT_PATH: args.configuration.mountPath,
            IMAGE: args.image,
            WATCHED_FOLDER: args.configuration.watchedFolder,
            GENERATION: args.generation ?? "unknown",
        };
        this.startTimeout = args.startTimeout;
        this.stepOptions = {
            parent: this,
            // A generation that nobody could ask for is no reason to do anything.
            ...(args.generation === undefined && { ignoreChanges: ["environment.GENERATION"] }),
        };
        const secrets = new command.local.Command(
            `${name}-secrets`,
            {
                ...deliveryStep("secrets"),
                stdin: pulumi.secret(pulumi.jsonStringify(args.secretFiles)),
                environment: { ...this.environment, USER_ID: String(args.configuration.userId) },
                logging: "none",
            },
            { ...this.stepOptions, additionalSecretOutputs: ["stdout"] },
        );
        this.secretsDigest = secrets.stdout;
        const release = releaseOf(args.files);
        this.release = release.name;
        this.staged = new command.local.Command(
            `${name}-stage`,
            {
                ...deliveryStep("stage"),
                // The files themselves: `pulumi preview --diff` shows every changed line.
                stdin: release.text,
                environment: { ...this.environment, RELEASE: this.release, CHECK: args.configuration.check ?? "true" },
            },
            { ...this.stepOptions, dependsOn: [secrets] },
        );
        this.registerOutputs({ volumeName: this.volumeName });
    }

    /**
     * Makes the staged release the one that the container runs with. Declared after the container.
     * @param program who takes over new files: the folder of its delivery.js
     * @param others what has to be there too before the program can be verified
     */
    public activate(
        container: docker.Container,
        program: string,
        others: readonly pulumi.Resource[] = [],
    ): command.local.Command {
        return new command.local.Command(
            `${this.name}-activate`,
            {
                ...deliveryStep("activate"),
                environment: {
                    ...this.environment,
                    RELEASE: this.release,
                    SECRETS: this.secretsDigest,
                    CONTAINER: container.id,
                    PROGRAM: program,
                    START_TIMEOUT: String(this.startTimeout),
                },
            },
            { ...this.stepOptions, dependsOn: [this.staged, container, ...others] },
        );
    }
}

/** What secret files hold, for Pulumi to keep secret. */
export const revealed = (files: Readonly<Record<string, Secret>>): Record<string, pulumi.Output<string>> =>
    Object.fromEntries(Object.entries(files).map(([file, secret]) => [file, pulumi.secret(secret.reveal())]));

/** A step runs again when one of its inputs changes. `triggers` would replace the command, and what depends on it. */
export function deliveryStep(step: string): { create: string; addPreviousOutputInEnv: boolean } {
    return { create: `node components/delivery/${step}.js`, addPreviousOutputInEnv: false };
}
