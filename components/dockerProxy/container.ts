import { limits } from "../caddy";
import { usualSocket } from "../../config/check/engine";

/** The port that it listens on inside of its container: Docker's own for who asks without TLS. */
export const containerPort = 2375;

/**
 * Caddy's configuration. What is not asked for by its very letters is refused: the path is compared as it was sent, before anybody
 * decodes or shortens it.
 * Source: https://caddyserver.com/docs/json/
 * @param lists those of Docker's API that may be read, e.g. ["containers/json", "networks"]
 */
export const proxyConfig = (lists: readonly string[]) => ({
    admin: { disabled: true, config: { persist: false } },
    apps: {
        http: {
            servers: {
                docker: {
                    ...{ listen: [`:${containerPort}`], protocols: ["h1"], automatic_https: { disable: true } },
                    ...limits,
                    routes: [
                        {
                            match: [
                                {
                                    method: ["GET"],
                                    vars_regexp: { "{http.request.orig_uri}": { pattern: allowed(lists) } },
                                },
                            ],
                            handle: [docker],
                            terminal: true,
                        },
                        { handle: [{ handler: "static_response", status_code: 403 }] },
                    ],
                },
            },
        },
    },
});

/**
 * How a client finds out which versions there are, and the lists, of which it may want some only: no other query gets through.
 * Source: https://docs.docker.com/reference/api/engine/#versioned-api-and-sdk
 */
const allowed = (lists: readonly string[]) =>
    String.raw`^(?:/_ping|(?:/v[0-9]{1,2}\.[0-9]{1,3})?/(?:${lists.join("|")})(?:\?filters=[A-Za-z0-9%._~+-]*)?)$`;

/** No wish for another protocol leads past the rule above, and nothing but the question is handed on. */
const docker = {
    handler: "reverse_proxy",
    upstreams: [{ dial: `unix/${usualSocket}` }],
    transport: { protocol: "http", dial_timeout: "5s" },
    headers: { request: { delete: ["Upgrade"] } },
};
