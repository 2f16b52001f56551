/** The handlers of Caddy that let only those pass who may. */

export interface Account {
    readonly username: string;
    /** The hash, or the placeholder of its file. */
    readonly password: string;
}

/**
 * Hashing takes a second, and a page asks dozens of times: what was right once is remembered until the next change.
 * Source: https://caddyserver.com/docs/json/apps/http/servers/routes/handle/authentication/providers/http_basic/
 */
export const login = (accounts: readonly Account[]) => ({
    handler: "authentication",
    providers: { http_basic: { accounts, hash: { algorithm: "bcrypt" }, hash_cache: {}, realm: "metrics-stack" } },
});

/**
 * Asks somebody else about every request. Where the answer is none of success, it is what the browser gets to see: the way to where
 * people sign in. Where there is no answer, nobody passes.
 * Source: https://caddyserver.com/docs/caddyfile/directives/forward_auth (what the directive comes to)
 */
export function askAt(address: string) {
    const { protocol, host, hostname, port, pathname, search } = new URL(address);
    const isTls = protocol === "https:";
    return {
        handler: "reverse_proxy",
        upstreams: [{ dial: `${hostname}:${port || (isTls ? 443 : 80)}` }],
        transport: { protocol: "http", dial_timeout: "5s", ...(isTls && { tls: {} }) },
        rewrite: { method: "GET", uri: pathname + search },
        headers: {
            request: {
                set: {
                    Host: [host],
                    "X-Forwarded-Method": ["{http.request.method}"],
                    "X-Forwarded-Uri": ["{http.request.uri}"],
                },
            },
        },
        // Something has to stand here, or what the other answers would be the end of the request.
        handle_response: [{ match: { status_code: [2] }, routes: [{ handle: [{ handler: "vars" }] }] }],
    };
}
