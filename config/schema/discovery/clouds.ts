import type { z } from "zod";
import { httpClientKeys, httpClientPlaces } from "../httpClient";
import { tlsConfig } from "../tls";
import type { Upstream } from "../upstream";
import { upstreamAws, upstreamAzure, upstreamDiscovery } from "../upstream";
import { count, listOf, object, oneOf, secret, secretText } from "../values";
import { discoveries, filters, flag, optionalText, port, secretFile, text, texts, time, webAddress } from "./kinds";

/** The service discoveries of clouds and orchestrators: Prometheus' own keys in camelCase. Which of them go together promtool knows. */

const page = "https://prometheus.io/docs/prometheus/latest/configuration/configuration/";
const description = `What a cloud or an orchestrator knows: [its keys of Prometheus](${page}) in camelCase.`;

interface Options {
    readonly upstream?: Upstream;
    /** Where those keys are that stand elsewhere here. */
    readonly places?: Readonly<Record<string, string>>;
    /** Keys of which it has at least one. */
    readonly either?: readonly string[];
}

/** @param kind its name, e.g. "ec2": the page has a heading for it */
function cloud<Shape extends z.core.$ZodLooseShape>(
    kind: string,
    shape: Shape,
    { upstream = upstreamDiscovery, places = {}, either = [] }: Options = {},
) {
    const explainedAt = `${page}#${kind}_sd_config`;
    const config = object(explained(shape, explainedAt), {
        places: { ...httpClientPlaces, ...places },
        upstream,
    }).refine((declared) => either.length === 0 || either.some((key) => Object.hasOwn(declared, key)), {
        path: either.slice(0, 1),
        error: `is missing; write ${either.join(" or ")}`,
    });
    return discoveries(config.meta({ id: `${kind}SdConfig`, explainedAt }), description);
}

/** Keys without a meaning of their own have that which they have there. */
const explained = <Shape extends z.core.$ZodLooseShape>(shape: Shape, link: string): Shape =>
    Object.fromEntries(
        Object.entries(shape as Readonly<Record<string, z.ZodType>>).map(([key, value]) => [
            key,
            value.description === undefined ? value.describe(`As in Prometheus: ${link}`) : value,
        ]),
    ) as unknown as Shape;

/** What is a file of the secret there. */
const asFile = (key: string) => ({ places: { [`${key}File`]: `the secret itself, encrypted, in ${key}` } });

const http = httpClientKeys("the service asks");
const web = { port, ...http, refreshInterval: time };

/** A container is one hop further away: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsRequest.html */
const awsRegion = optionalText.meta({
    description: "The region.",
    derived: "that of the machine which Prometheus runs on, whose metadata service has to allow two hops",
});

const aws = {
    ...{ region: awsRegion, endpoint: optionalText, profile: optionalText, roleArn: optionalText },
    ...{ externalId: optionalText, ...web },
};
const clusters = texts.optional();
const awsClusters = { ...aws, clusters, requestConcurrency: count.optional() };
const ofAws = { upstream: upstreamAws };

const azure = {
    ...{ subscriptionId: text, tenantId: optionalText, clientId: optionalText },
    authenticationMethod: oneOf(["ManagedIdentity", "SDK", "WorkloadIdentity"]),
    ...{ environment: optionalText, resourceGroup: optionalText, ...web },
};

const ofKubernetes = `${page}#kubernetes_sd_config`;
const namespaces = object(explained({ ownNamespace: flag, names: texts.optional() }, ofKubernetes)).optional();
const selector = object(explained({ role: text, label: optionalText, field: optionalText }, ofKubernetes));
const metadata = { node: flag, namespace: flag, deployment: flag, job: flag, cronjob: flag };

const kubernetes = {
    role: oneOf(["node", "pod", "service", "endpoints", "endpointslice", "ingress"]),
    apiServer: webAddress("https://kubernetes.example.com:6443").optional(),
    kubeconfig: secretText("is not text; write the text of a kubeconfig").optional(),
    namespaces,
    selectors: listOf(selector, 'a list, such as [{role: "pod", label: "app=shop"}]').optional(),
    attachMetadata: object(explained(metadata, ofKubernetes)).optional(),
    ...http,
};

const scaleway = {
    ...{ role: oneOf(["instance", "baremetal"]), projectId: text, accessKey: text, secretKey: secret },
    ...{ apiUrl: optionalText, zone: optionalText, nameFilter: optionalText, tagsFilter: texts.optional(), ...web },
};

const stackit = {
    ...{ project: text, region: optionalText, endpoint: optionalText },
    serviceAccountKey: secretText("is not text; write the JSON of the key").optional(),
    privateKey: secretText("is not text; write the key in PEM form").optional(),
    ...web,
};
const ofStackit = {
    either: ["region", "endpoint"],
    places: {
        serviceAccountKeyPath: "the text of the file, encrypted, in serviceAccountKey",
        privateKeyPath: "the text of the file, encrypted, in privateKey",
        credentialsFilePath: "what is in it, encrypted, in serviceAccountKey and privateKey",
    },
};

const triton = {
    ...{ account: text, dnsSuffix: text, endpoint: text, role: oneOf(["container", "cn"]).optional() },
    ...{ groups: texts.optional(), version: count.optional(), tlsConfig: tlsConfig.optional() },
    ...{ port, refreshInterval: time },
};

const awsRole = oneOf(["ec2", "ecs", "elasticache", "lightsail", "msk", "rds"]);
const nomad = { server: webAddress("http://nomad:4646"), namespace: optionalText, region: optionalText };
const outscale = { region: text, endpoint: optionalText, accessKey: text, secretKey: secret, ...web };
const zooKeeper = { servers: texts, paths: texts, timeout: time };
const kuma = { server: webAddress("http://kuma:5676"), clientId: optionalText, fetchTimeout: time };
const puppetdb = { url: webAddress("https://puppetdb:8081"), query: text, includeParameters: flag, ...web };
const asked = { ...http, refreshInterval: time };

export const cloudDiscoveries = {
    awsSdConfigs: cloud("aws", { role: awsRole, ...aws, filters, clusters }, ofAws),
    azureSdConfigs: cloud("azure", azure, { upstream: upstreamAzure }),
    digitaloceanSdConfigs: cloud("digitalocean", { role: oneOf(["droplets", "databases"]).optional(), ...web }),
    ec2SdConfigs: cloud("ec2", { ...aws, filters }, ofAws),
    ecsSdConfigs: cloud("ecs", awsClusters, ofAws),
    elasticacheSdConfigs: cloud("elasticache", awsClusters, ofAws),
    eurekaSdConfigs: cloud("eureka", { server: webAddress("http://eureka:8761/eureka"), ...asked }),
    gceSdConfigs: cloud("gce", {
        ...{ project: text, zone: text, filter: optionalText, tagSeparator: optionalText },
        ...{ port, refreshInterval: time },
    }),
    hetznerSdConfigs: cloud("hetzner", { role: oneOf(["robot", "hcloud"]), labelSelector: optionalText, ...web }),
    ionosSdConfigs: cloud("ionos", { datacenterId: text, ...web }),
    kubernetesSdConfigs: cloud("kubernetes", kubernetes, {
        places: { kubeconfigFile: "the text of the file, encrypted, in kubeconfig" },
    }),
    kumaSdConfigs: cloud("kuma", { ...kuma, ...asked }),
    lightsailSdConfigs: cloud("lightsail", aws, ofAws),
    linodeSdConfigs: cloud("linode", { region: optionalText, tagSeparator: optionalText, ...web }),
    marathonSdConfigs: cloud("marathon", { servers: texts, authToken: secretFile, ...asked }, asFile("authToken")),
    mskSdConfigs: cloud("msk", awsClusters, ofAws),
    nerveSdConfigs: cloud("nerve", zooKeeper),
    nomadSdConfigs: cloud("nomad", { ...nomad, tagSeparator: optionalText, allowStale: flag, ...asked }),
    outscaleSdConfigs: cloud("outscale", outscale, asFile("secretKey")),
    puppetdbSdConfigs: cloud("puppetdb", puppetdb),
    rdsSdConfigs: cloud("rds", { ...awsClusters, filters }, ofAws),
    scalewaySdConfigs: cloud("scaleway", scaleway, asFile("secretKey")),
    serversetSdConfigs: cloud("serverset", zooKeeper),
    stackitSdConfigs: cloud("stackit", stackit, ofStackit),
    tritonSdConfigs: cloud("triton", triton),
    vultrSdConfigs: cloud("vultr", web),
};
