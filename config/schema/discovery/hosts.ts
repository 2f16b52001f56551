import { z } from "zod";
import { httpClientKeys, httpClientPlaces } from "../httpClient";
import { upstreamDiscovery } from "../upstream";
import { dictionary, listOf, object, oneOf, text as matching } from "../values";
import {
    address,
    discoveries,
    filters,
    flag,
    optionalText,
    port,
    refreshInterval,
    text,
    texts,
    time,
    webAddress,
} from "./kinds";

/**
 * The service discoveries of hosts and containers.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config, and those below it
 */

/** Prometheus' own folders are none of somebody else's. */
const listFile = matching(
    /^\/(?!etc\/prometheus(\/|$)|prometheus(\/|$))[^*\p{Cc}]*(\*[^/\p{Cc}]*)?\.(json|yml|yaml|JSON|YML|YAML)$/u,
    "the path of a list that somebody else writes",
    'one in a folder of prometheus.mounts that ends in .json, .yml or .yaml, such as "/lists/*.yml"',
);

const file = object({
    files: listOf(listFile, 'a list of paths, such as ["/lists/*.yml"]')
        .min(1, { error: 'is empty; write at least one path, such as "/lists/*.yml"' })
        .describe("Paths in the container, below a folder of `prometheus.mounts`; the last step may have a `*`."),
    refreshInterval: time.meta({
        description: "How often they are read, beside whenever one changes.",
        derived: "`5m`",
    }),
}).meta({ id: "fileSdConfig", title: "Lists of somebody else" });

const recordTypes = ["SRV", "A", "AAAA", "MX", "NS"] as const;

const dns = object({
    names: texts.describe("The names that are asked for, such as `tasks.web`."),
    type: oneOf(recordTypes).optional().meta({ description: "The type of record.", derived: "`SRV`" }),
    port: port.describe("The port of the targets: only a record of the type `SRV` brings its own."),
    refreshInterval: refreshInterval("30s"),
})
    .superRefine(({ type = "SRV", port: given }, context) => {
        if (type !== "SRV" && given === undefined) {
            const message = `is missing; write the targets' port, a record of the type ${type} has none`;
            context.addIssue({ code: "custom", path: ["port"], message });
        }
    })
    .meta({ id: "dnsSdConfig", title: "DNS" });

const http = object(
    {
        url: webAddress("http://inventory:8080/targets").describe("Where the list of targets is fetched."),
        refreshInterval: refreshInterval("1m"),
        ...httpClientKeys("the service asks"),
    },
    { places: httpClientPlaces, upstream: upstreamDiscovery },
).meta({ id: "httpSdConfig", title: "A service with a list" });

const dockerHost = address(
    /tcp|https?/,
    "that of another engine's proxy, such as \"tcp://docker-proxy:2375\", or leave it out: the stack's own asks the socket",
)
    .optional()
    .meta({ description: "Where Docker answers.", derived: "`dockerProxy`, which asks the stack's engine" });

const dockerFilters = filters.describe("What is asked for: filters of Docker's API, each with a `name` and `values`.");

const docker = object(
    {
        host: dockerHost,
        port: port.meta({ description: "The port of containers that expose none.", derived: "`80`" }),
        filters: dockerFilters,
        hostNetworkingHost: optionalText.meta({
            description: "The host of containers in the host's network.",
            derived: "`localhost`, which is Prometheus' own container",
        }),
        matchFirstNetwork: flag.meta({
            description: "Of a container in several networks, find the address in the first only, by their names.",
            derived: "`true`",
        }),
        refreshInterval: refreshInterval("1m"),
        ...httpClientKeys("Docker's proxy asks"),
    },
    { places: httpClientPlaces, upstream: upstreamDiscovery },
).meta({ id: "dockerSdConfig", title: "Docker" });

const dockerswarm = object(
    {
        host: dockerHost,
        role: oneOf(["services", "tasks", "nodes"]).describe("What is a target."),
        port: port.meta({ description: "The port of what publishes none.", derived: "`80`" }),
        filters: dockerFilters,
        refreshInterval: refreshInterval("1m"),
        ...httpClientKeys("Docker's proxy asks"),
    },
    { places: httpClientPlaces, upstream: upstreamDiscovery },
).meta({ id: "dockerswarmSdConfig", title: "Docker Swarm" });

const consulLogin = "basicAuth: {}, with its password encrypted";

const consul = object(
    {
        server: matching(/^[^\s/@]+$/, "host:port", 'one, such as "consul:8500"').describe("`host:port` of Consul."),
        scheme: oneOf(["http", "https"]).optional().meta({ description: "How Consul is reached.", derived: "`http`" }),
        pathPrefix: optionalText.describe("The path in front of its API."),
        datacenter: optionalText.meta({ description: "The data centre.", derived: "that of the agent" }),
        namespace: optionalText.describe("The namespace."),
        partition: optionalText.describe("The partition."),
        services: texts.optional().meta({ description: "The services.", derived: "all" }),
        tags: texts.optional().describe("The tags that a service has to have, all of them."),
        nodeMeta: dictionary(z.string().min(1), text, 'names with texts, such as {rack: "7"}')
            .optional()
            .describe("The metadata that a node has to have."),
        filter: optionalText.describe("A filter of the catalogue, in Consul's words."),
        healthFilter: optionalText.describe("A filter of the health, in Consul's words."),
        tagSeparator: optionalText.meta({ description: "What stands between tags in their label.", derived: "`,`" }),
        allowStale: flag.meta({ description: "Accept what a follower says.", derived: "`true`" }),
        refreshInterval: refreshInterval("30s"),
        ...httpClientKeys("Consul asks"),
    },
    {
        places: {
            ...httpClientPlaces,
            token: "authorization: {}, with the token encrypted in its credentials",
            ...{ username: consulLogin, password: consulLogin },
        },
        upstream: upstreamDiscovery,
    },
).meta({ id: "consulSdConfig", title: "Consul" });

export const hostDiscoveries = {
    fileSdConfigs: discoveries(file, "Targets from lists that somebody else writes."),
    dnsSdConfigs: discoveries(dns, "Targets from DNS: the containers behind a name, for instance."),
    httpSdConfigs: discoveries(http, "Targets from a service that lists them over HTTP."),
    dockerSdConfigs: discoveries(docker, "Containers of a Docker engine."),
    dockerswarmSdConfigs: discoveries(dockerswarm, "Services, tasks or nodes of a Docker Swarm."),
    consulSdConfigs: discoveries(consul, "Services that Consul knows."),
};
