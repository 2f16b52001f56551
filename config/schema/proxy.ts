import { expected } from "./problems";
import { text } from "./values";

/**
 * A proxy on the way to whom Prometheus asks.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#http_config
 */

const proxy = /^https?:\/\/([\w-]+(\.[\w-]+)*|\[[0-9a-f:]+\])(:[1-9]\d{0,4})?\/?$/i;

const aProxy = ["a proxy's URL without user and path", 'one, such as "http://proxy:3128"'] as const;

export const proxyKeys = {
    // Without a user's name: it would stand readable in prometheus.yml.
    proxyUrl: text(proxy, ...aProxy)
        .refine(URL.canParse, { error: expected(...aProxy) })
        .optional()
        .describe("The proxy on the way: a URL without user and path."),
    noProxy: text(/^[^\s,]+(, ?[^\s,]+)*$/, "a list of hosts", 'one with commas, such as "10.0.0.0/8,.internal"')
        .optional()
        .describe("Who is asked without the proxy: addresses, networks and domains, with commas between them."),
};
