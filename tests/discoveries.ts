import type { Discovery } from "../config/schema/discovery";
import { certificate, privateKey } from "./certificates";

const login = { authorization: { credentials: "hunter2-token" } };
const web = { port: 9100, refreshInterval: "90s" };

/** One discovery of each kind, with what is a file to Prometheus; their rendered form is tests/golden/discovery/. */
export const discoveries: Readonly<Record<Discovery, object>> = {
    fileSdConfigs: { files: ["/lists/*.yml", "/lists/one.json"], refreshInterval: "60s" },
    dnsSdConfigs: { names: ["tasks.web"], type: "A", port: 8000 },
    httpSdConfigs: { url: "http://inventory:8080/targets?role=web", ...login },
    dockerSdConfigs: { host: "tcp://docker-proxy:2375", filters: [{ name: "label", values: ["scrape=true"] }] },
    dockerswarmSdConfigs: { host: "http://docker-proxy:2375", role: "tasks", port: 8000 },
    consulSdConfigs: { server: "consul:8500", nodeMeta: { rackName: "7" }, services: ["shop"], ...login },
    awsSdConfigs: { role: "ec2", region: "eu-1", filters: [{ name: "tag:a", values: ["b"] }] },
    azureSdConfigs: { subscriptionId: "a", authenticationMethod: "ManagedIdentity" },
    digitaloceanSdConfigs: { role: "droplets", ...web, ...login },
    ec2SdConfigs: { region: "eu-1", roleArn: "arn:x", ...web },
    ecsSdConfigs: { region: "eu-1", clusters: ["a"], requestConcurrency: 5 },
    elasticacheSdConfigs: { region: "eu-1" },
    eurekaSdConfigs: { server: "http://eureka:8761/eureka" },
    gceSdConfigs: { project: "a", zone: "b" },
    hetznerSdConfigs: { role: "hcloud", labelSelector: "a=b", ...login },
    ionosSdConfigs: { datacenterId: "a", ...login },
    kubernetesSdConfigs: {
        ...{ role: "pod", kubeconfig: "apiVersion: v1\n# hunter2\n" },
        ...{ namespaces: { ownNamespace: false, names: ["a"] }, attachMetadata: { node: true } },
        selectors: [{ role: "pod", label: "app=shop" }],
    },
    kumaSdConfigs: { server: "http://kuma:5676", fetchTimeout: "1m" },
    lightsailSdConfigs: { region: "eu-1" },
    linodeSdConfigs: { tagSeparator: ";", ...login },
    marathonSdConfigs: { servers: ["http://marathon:8080"], authToken: "hunter2-marathon" },
    mskSdConfigs: { region: "eu-1" },
    nerveSdConfigs: { servers: ["zk:2181"], paths: ["/a"], timeout: "10s" },
    nomadSdConfigs: { server: "http://nomad:4646", allowStale: false },
    outscaleSdConfigs: { region: "eu-1", accessKey: "a", secretKey: "hunter2-outscale" },
    puppetdbSdConfigs: {
        ...{ url: "https://puppetdb:8081", query: "facts { name = 'a' }" },
        tlsConfig: { cert: certificate, key: privateKey },
    },
    rdsSdConfigs: { region: "eu-1" },
    scalewaySdConfigs: {
        ...{ role: "instance", projectId: "11111111-1111-1111-1111-111111111111" },
        ...{ accessKey: "SCW00000000000000000", secretKey: "hunter2-scaleway" },
    },
    serversetSdConfigs: { servers: ["zk:2181"], paths: ["/a"] },
    stackitSdConfigs: { project: "a", region: "eu01", serviceAccountKey: '{"x": "hunter2"}', privateKey },
    tritonSdConfigs: { account: "a", dnsSuffix: "b", endpoint: "c", version: 1 },
    vultrSdConfigs: login,
};
