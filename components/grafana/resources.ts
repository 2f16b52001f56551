import * as command from "@pulumi/command";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { configuration, containerPort, data as kept, secretKey } from "./container";
import { grafanaMountPath, provisioningFolder } from "./files";
import type { Settings } from "./ini";
import { iniFile, variableOf } from "./ini";
import type { GrafanaSettings } from "./settings";
import type { Deployed, Rendered, StackResources } from "../part";
import type { Secret } from "../../config/schema/secret";
import { ConfigVolume, revealed } from "../configVolume";
import { dataVolume } from "../volume";
import { publishedUrl } from "../publishedUrl";
import type { ServiceArgs } from "../service";
import { dockerName } from "../dockerName";
import { containerOptions, hardened, healthcheck, hostEntry, networksOf } from "../stack";

export interface GrafanaArgs extends Omit<ServiceArgs, "secretFiles"> {
    /** Who has the data of the data sources: Grafana is verified by asking them something. */
    readonly dataSources: readonly pulumi.Resource[];
    /** Where people find it: its links lead there, e.g. "https://grafana.example.com". @default Grafana is told none */
    readonly externalUrl?: string | undefined;
    /** Password of the user `admin`. @default one is generated once and kept encrypted in the state */
    readonly adminPassword?: Secret | undefined;
    /** What is declared of its configuration. @default nothing */
    readonly settings?: Settings;
    /** Its plugins, each with its version, e.g. "grafana-clock-panel@2.1.9". @default none */
    readonly plugins?: readonly string[];
    /** Docker networks of other projects that its data sources are found in. @default none */
    readonly joinNetworks?: readonly string[];
    /** Whether it has data sources of somebody else: they may be services of the Docker host. @default false */
    readonly asksOthers?: boolean;
    readonly secretFiles?: ServiceArgs["secretFiles"];
}

/** Grafana with its data source and dashboards. Nobody sees anything without the administrator's password. */
export class Grafana extends pulumi.ComponentResource {
    /** Where people find it, by default where it is published, e.g. "http://127.0.0.1:3000". */
    public readonly url: string;
    /** Password of the user `admin`, a secret. */
    public readonly adminPassword: pulumi.Output<string>;

    constructor(name: string, args: GrafanaArgs, opts?: pulumi.ComponentResourceOptions) {
        super("monitoring:index:Grafana", name, {}, opts);
        const data = dataVolume(`${name}-data`, args, "grafana-data", this);
        this.adminPassword = pulumi.secret(args.adminPassword?.reveal() ?? generatedPassword(name, this));
        const config = new ConfigVolume(
            `${name}-config`,
            {
                ...args,
                ...{ role: "grafana", configuration },
                secretFiles: { "admin-password": this.adminPassword, ...revealed(args.secretFiles ?? {}) },
            },
            { parent: this },
        );
        const container = new docker.Container(
            name,
            {
                ...hardened(args),
                name: dockerName(args.stack, "grafana"),
                image: args.image,
                user: `${kept.userId}:${kept.groupId}`,
                entrypoints: ["/bin/bash", "-c", startScript(args)],
                envs: Object.entries(environment(args)).map(([key, value]) => `${key}=${value}`),
                networkMode: "bridge",
                networksAdvanced: networksOf(args),
                ...(args.asksOthers && { hosts: [hostEntry(args)] }),
                ports: [{ internal: containerPort, external: args.port, ip: args.bindAddress }],
                mounts: [
                    { type: "volume", source: data, target: kept.mountPath },
                    { type: "volume", source: config.volumeName, target: configuration.mountPath, readOnly: true },
                ],
                tmpfs: { "/tmp": "" },
                healthcheck: {
                    ...healthcheck("wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${containerPort}/api/health`),
                    startPeriod: "2m0s",
                },
                destroyGraceSeconds: 30,
                stopTimeout: 30,
            },
            { parent: this, dependsOn: [config.staged], ...containerOptions },
        );
        config.activate(container, "grafana", args.dataSources);
        this.url = args.externalUrl ?? publishedUrl(args);
        this.registerOutputs({ url: this.url });
    }
}

/**
 * The key that encrypts secrets in Grafana's database is made with the database, in the same volume: each would be of no use
 * without the other. Grafana's own default is the same everywhere, and known to everybody.
 * Source: https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#secret_key
 */
const secretKeyFile = `${kept.mountPath}/${secretKey}`;
const startScript = ({ settings = {} }: Pick<GrafanaArgs, "settings">) =>
    [
        `[ -s ${secretKeyFile} ] || { umask 077 && head -c 32 /dev/urandom | base64 > ${secretKeyFile}.new && mv ${secretKeyFile}.new ${secretKeyFile}; }`,
        // The release that runs until the next one is activated may have none.
        ...(Object.keys(settings).length > 0
            ? [`[ ! -e ${ownConfiguration} ] || export GF_PATHS_CONFIG=${ownConfiguration}`]
            : []),
        "exec /run.sh",
    ].join("\n");

const ownConfiguration = `${grafanaMountPath}/current/${iniFile}`;

/** A password made once: the command runs when it is created and never again. Its output is kept encrypted in the state. */
function generatedPassword(name: string, parent: pulumi.Resource): pulumi.Output<string> {
    const generated = new command.local.Command(
        `${name}-admin-password`,
        {
            create: `node -p "require('crypto').randomBytes(18).toString('base64url')"`,
            addPreviousOutputInEnv: false,
            logging: "none",
        },
        { parent, additionalSecretOutputs: ["stdout"] },
    );
    return generated.stdout;
}

/** What is declared wins: Grafana would take the variable. */
function environment({
    externalUrl,
    plugins = [],
    settings = {},
}: Pick<GrafanaArgs, "externalUrl" | "plugins" | "settings">) {
    const declared = new Set(
        Object.entries(settings).flatMap(([section, keys]) => Object.keys(keys).map((key) => variableOf(section, key))),
    );
    const all = {
        ...usual,
        ...(plugins.length > 0 && {
            GF_PLUGINS_PREINSTALL_DISABLED: false,
            GF_PLUGINS_PREINSTALL_SYNC: plugins.join(","),
        }),
        ...found(externalUrl),
    };
    return Object.fromEntries(Object.entries(all).filter(([name]) => !declared.has(name)));
}

/** Source: https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/ */
const usual = {
    GF_PATHS_PROVISIONING: `${grafanaMountPath}/current/${provisioningFolder}`,
    // Read from a file: `docker inspect` shows every environment variable.
    GF_SECURITY_ADMIN_PASSWORD__FILE: `${grafanaMountPath}/secrets/admin-password`,
    GF_SECURITY_SECRET_KEY__FILE: secretKeyFile,
    GF_AUTH_ANONYMOUS_ENABLED: false,
    GF_USERS_ALLOW_SIGN_UP: false,
    GF_USERS_ALLOW_ORG_CREATE: false,
    GF_SECURITY_DISABLE_GRAVATAR: true,
    GF_SECURITY_COOKIE_SAMESITE: "strict",
    GF_SNAPSHOTS_EXTERNAL_ENABLED: false,
    GF_PUBLIC_DASHBOARDS_ENABLED: false,
    GF_PLUGINS_PLUGIN_ADMIN_ENABLED: false,
    GF_PLUGINS_PREINSTALL_DISABLED: true,
    GF_PLUGINS_PREINSTALL_AUTO_UPDATE: false,
    GF_NEWS_NEWS_FEED_ENABLED: false,
    GF_ANALYTICS_REPORTING_ENABLED: false,
    GF_ANALYTICS_CHECK_FOR_UPDATES: false,
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: false,
    GF_ANALYTICS_FEEDBACK_LINKS_ENABLED: false,
};

/**
 * What Grafana knows of where it is found. It goes on being served below "/": the proxy in front takes the path away.
 * Source: https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#root_url
 */
const found = (externalUrl: string | undefined) =>
    externalUrl === undefined
        ? {}
        : {
              GF_SERVER_ROOT_URL: `${externalUrl.replace(/\/+$/, "")}/`,
              GF_SECURITY_COOKIE_SECURE: externalUrl.startsWith("https:"),
          };

export function deploy(
    settings: GrafanaSettings,
    rendered: Rendered,
    { common, config, dataSources, opts }: StackResources,
): Deployed {
    const asksOthers = settings.dataSources.length > 0 || settings.dashboardSource !== undefined;
    const more = { dataSources, asksOthers, joinNetworks: asksOthers ? config.network.join : [] };
    const component = new Grafana("grafana", { ...common, ...settings, ...rendered, ...more }, opts);
    return { component, outputs: { grafanaUrl: component.url, grafanaAdminPassword: component.adminPassword } };
}
