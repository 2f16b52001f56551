import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { DataOwner } from "../config/check/dataVolumes";
import type { Used } from "../config/check/host";
import type { OwnRule } from "../config/ownRules";
import type { Files } from "../config/render/files";
import type { Job } from "../config/render/job";
import type { Access } from "../config/render/web";
import type { Lenient } from "../config/schema/lenient";
import type {
    DeclaredPart,
    Declarable as AnyDeclarable,
    PartGroup as DeclaredGroup,
    PartList as DeclaredList,
    UserFiles,
} from "../config/schema/part";
import type { Problem } from "../config/schema/problems";
import type { OwnAlert } from "../config/schema/rules";
import type { Secret } from "../config/schema/secret";
import type { StackConfig } from "../config/schema/stack";
import type { Probe } from "./probe";
import type { CommonArgs } from "./service";

/**
 * A part of the stack: all that is known of one program, in the folder of its key. Everything else goes through the list in
 * parts.ts and knows none by name. An absent capability is an absent field, never an empty one.
 */
export interface Part<Key extends string = string, Schema extends z.ZodType = z.ZodType> extends DeclaredPart {
    readonly key: Key;
    readonly settings: Schema;
    /** What its Docker names end in, e.g. "node-exporter". Never changed again: volumes and containers are found by it. */
    readonly role: string;
    readonly image: PartImage;
    /** What follows from its settings. @param settings as declared: it is on */
    plan(settings: z.output<Schema>, config: StackConfig, userFiles: UserFiles): Plan;
    /** The volume with its files. @default it has none, and needs no more than to become healthy */
    readonly configuration?: Configuration;
    /** What outlives its container: backed up, restored, taken over from an older installation. @default nothing */
    readonly data?: Data;
    /** What `npm run status` asks it. @default only what Docker says of it */
    readonly probe?: Probe;
    /** Who may log in: a user, and the output of the stack with the password. @default nobody has to */
    readonly login?: { readonly user: string; readonly password: string };
    /** What else people open of it: a name for them, and the output of the stack with the address. @default nothing */
    readonly page?: { readonly title: string; readonly output: string };
    /** Declares its resources. Loads Pulumi, so it is a function: `status`, `validate` and `backup` never call it. */
    resources(): Promise<{ deploy(settings: z.output<Schema>, rendered: Rendered, stack: StackResources): Deployed }>;
}

/** What the stack file has a list of, e.g. `exporters`: each item is a part of its own, all of one folder. */
export type PartList = DeclaredList<Part>;

/** What has one key in the stack file and several parts below it, e.g. `thanos`. */
export type PartGroup = DeclaredGroup<Part>;

/** What has a key in the stack file. */
export type Declarable = AnyDeclarable<Part>;

/** The image that a part runs, and where it comes from. */
export interface PartImage {
    /** What runs unless the stack file names another, with a fixed tag: `latest` would move without a difference in any preview. */
    readonly standard: string;
    /** Makes it of packages, where none can be pulled. @default it cannot be made: the stack comes up without the part */
    fromPackages?(reference: string): Promise<void>;
    /** Whether those packages do not hold its web UI, so that one made of them has its API only. @default false */
    readonly packagesLackUi?: boolean;
    /** The folder with its Dockerfile, for one that is in no registry. @default it is pulled */
    readonly builtFrom?: string;
    /** The program in it that says its version when it is called with --version. @default none */
    readonly program?: string;
}

/** What follows from the settings of a part that is on. */
export interface Plan {
    /** What the other parts get of it: they see no part, only this. @default nothing */
    readonly publishes?: Partial<Omit<Published, "entrance" | "ownAlerts">>;
    /** The rules of somebody's own that it evaluates. @default none */
    readonly ownRules?: readonly OwnRule[];
    /**
     * The address that all sites are reached below, e.g. "https://metrics.example.com": what is the default of their `externalUrl`
     * follows from it. @default it lets nobody in
     */
    readonly entrance?: string;
    /** Renders its files. Equal input gives equal bytes. */
    files?(all: Published): Files;
    /** Those of its files that are dashboards of Grafana: `validate` reads their queries, and needs no others. @default none */
    dashboards?(all: Published): Files;
    /** What its own tool runs against these files, beside them. Nobody delivers it. @default nothing */
    readonly tests?: Files;
    /** Its secret files, by name; delivered apart, mode 0400. */
    secretFiles?(all: Published): Readonly<Record<string, Secret>>;
    /** The Docker networks of somebody else that it joins, each with its place in the declaration. @default none */
    readonly joins?: readonly Used[];
    /** The volumes of somebody else that it mounts. @default none */
    readonly mounts?: readonly Used[];
    /** The Docker engine's socket on its host that it asks, with its place in the declaration. @default none */
    readonly asks?: Used;
    /** What may go wrong with what is declared, though it is no mistake. @default nothing */
    warning?(all: Published): string | undefined;
    /**
     * What a change means that is in no difference of a preview. @default nothing
     * @param outputs those of the last deployment; none where there was none
     */
    change?(outputs: Readonly<Record<string, unknown>>): string | undefined;
    /**
     * The place in the declaration of what its own tool refuses, e.g. a job, or of a file. @default the part's key
     * @param what undefined for the whole
     */
    placeOf?(what: string | undefined): Problem["path"] | undefined;
}

/** All that parts publish, in the order of the list, and the declared jobs behind it. */
export interface Published {
    readonly jobs: readonly Job[];
    /** Whom alerts are sent to. */
    readonly alertmanagers: readonly AlertmanagerGroup[];
    /** Each sees at least what those before it see. */
    readonly dataSources: readonly DataSource[];
    /** Who takes the blocks of Prometheus as it has written them, by title: it leaves them so. */
    readonly shippers: readonly string[];
    /** Who gives samples to Thanos Query. */
    readonly stores: readonly Store[];
    /** Base URL of each that discoveries of Docker ask which name no host, e.g. "http://metrics-stack-dev-docker-proxy:2375". */
    readonly dockers: readonly string[];
    /** The alerts that are declared beside those of the jobs. */
    readonly ownAlerts: readonly OwnAlert[];
    /** What people open in a browser. */
    readonly sites: readonly Site[];
    /** See Plan. */
    readonly entrance: string | undefined;
}

/** Alertmanagers that are asked in the same way. */
export interface AlertmanagerGroup {
    /** host:port of each. */
    readonly targets: readonly string[];
    /** @default by HTTP, and without a login */
    readonly access?: Access | undefined;
}

/** What has the Store API of Thanos. Source: https://thanos.io/tip/thanos/integrations.md/ */
export interface Store {
    /** Its host:port. */
    readonly address: string;
    /** Whether it speaks TLS, with the certificate that is declared for all of them. @default false */
    readonly isSecure?: boolean;
    /** Whether it is on another host, which may be away. @default false */
    readonly isElsewhere?: boolean;
    /** The label that tells its samples from equal ones that others have. @default it has no copies of theirs */
    readonly replicaLabel?: string;
}

/** What answers Prometheus' queries. */
export interface DataSource {
    /** Its base URL, e.g. "http://metrics-stack-dev-prometheus:9090". */
    readonly url: string;
    readonly access: Access;
    /** What Grafana takes it for. @default "Prometheus" */
    readonly type?: "Thanos";
    /** The Docker volume with its samples. @default it has none of its own */
    readonly volume?: string;
}

/** What people open of a part in a browser, for who lets them in from outside. Its settings have an `externalUrl`. */
export interface Site {
    /** Where it is below an entrance, e.g. "/prometheus". */
    readonly path: string;
    /** host:port on the stack's network, where it is served below "/". */
    readonly address: string;
    /** How it is asked there. @default by HTTP, and without a login of the door's own */
    readonly access?: Access;
    /** What is let through to one without a login of its own. @default it has one, and decides itself */
    readonly withoutLogin?: Allowed;
}

/** Every path of a site: where it is closed, there is nothing to look at. */
export const everyPath = "/*";

/** Requests, by their paths below the site; a path that ends in "*" is that of all that begin so. */
export interface Allowed {
    /** What may only be read all the same. */
    readonly closed: readonly string[];
    /** What may be asked by another method than GET and HEAD. */
    readonly open: readonly { readonly method: string; readonly paths: readonly string[] }[];
    /** What other machines may send by POST, with a login of their own. @default nothing */
    readonly pushed?: readonly string[];
}

/** The volume with a part's files. Its folder has a delivery.js: how the program takes over new ones, and proves that it did. */
export interface Configuration {
    /** Where the container mounts it, e.g. "/etc/prometheus". */
    readonly mountPath: string;
    /** The folder of a release whose files the program watches by itself, e.g. "targets". */
    readonly watchedFolder: string;
    /** The container's user: the owner of the secret files. */
    readonly userId: number;
    /** Shell command that checks a release from inside of its folder. @default nothing is checked */
    readonly check?: string;
    /** Whether its image may have no shell: then the stack's first image works in the volume. @default false */
    readonly withoutShell?: boolean;
    /** The image's own tool that delivery.js has read the files in a preview, e.g. "promtool". @default none */
    readonly tool?: string;
}

/**
 * What a part keeps. A backup copies it within its volume while the part goes on running, and archives the copy at leisure.
 */
export interface Data extends DataOwner {
    /** Where the container mounts it, e.g. "/prometheus". */
    readonly mountPath: string;
    /** What it is to people, e.g. "samples". */
    readonly holds: string;
    /** What of the volume's top is its state, as patterns of the shell: "silences nflog". @default all of it */
    readonly files?: string;
    /** Whether it is paused for the moment of the copy: for who writes its files in place, as SQLite does. @default false */
    readonly paused?: boolean;
    /**
     * The file with shell functions for what its program needs more, each named after the key, for "prometheus":
     * `freeze_prometheus STATUS` makes the copy, `verify_prometheus` proves that it can be read, `holds_prometheus` says what is
     * there. See commands/backup/data.sh. @default it has none
     */
    readonly script?: string;
    /** What is said while those take their time. @default nothing, and nothing is verified */
    readonly saying?: { readonly freeze?: string; readonly verify?: string };
}

/** A part with the files that are delivered to it. */
export interface Rendered {
    /** As it is pulled, the stack's registry in front, e.g. "prom/alertmanager:v0.34.1". */
    readonly image: string;
    /** An image with a shell: its own, or the stack's first one. */
    readonly shell: string;
    readonly files: Files;
    readonly secretFiles: Readonly<Record<string, Secret>>;
    /** See ConfigVolumeArgs. */
    readonly generation?: string | undefined;
}

/** What the resources of a part find. */
export interface StackResources {
    readonly config: StackConfig;
    readonly published: Published;
    /** What the arguments of all have in common. */
    readonly common: CommonArgs;
    /** Those that publish a data source: who asks them is verified once they are there. */
    readonly dataSources: readonly pulumi.Resource[];
    /** Those that publish a store. */
    readonly stores: readonly pulumi.Resource[];
    readonly opts: pulumi.ComponentResourceOptions;
}

export interface Deployed {
    readonly component: pulumi.Resource;
    /** Its outputs of the stack, e.g. { prometheusUrl: "http://127.0.0.1:9090" }; "<key>Url" is where people find it. @default none */
    readonly outputs?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Types the parts of a list by its items, and refuses a misspelled field of theirs. */
export const definePartList = <Item>(list: {
    readonly key: string;
    readonly settings: z.ZodType<Item[]>;
    each(item: Lenient<Item>, index: number): Part<string, z.ZodType<Item>>;
}): PartList => list as unknown as PartList;

/** Types a group, whose parts are each typed by `definePart`. */
export const definePartGroup = (group: PartGroup): PartGroup => group;

/** Types a part by its own schema, and refuses a misspelled field. */
export const definePart = <const Key extends string, Schema extends z.ZodType>(part: Part<Key, Schema>): Part<Key> =>
    part as unknown as Part<Key>;

/** The version in an image's reference: "3.13.5" of "prom/prometheus:v3.13.5". */
export const versionOf = (image: string): string => image.slice(image.lastIndexOf(":") + 1).replace(/^v/, "");
