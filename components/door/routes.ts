import type { Allowed, Site } from "../part";
import { everyPath } from "../part";
import { upstream } from "./upstream";

/**
 * Who gets where. Every request goes down the list, and ends at the first that answers it.
 * Source: https://caddyserver.com/docs/json/apps/http/servers/routes/
 */

export interface Door {
    /** The only name that it answers to. */
    readonly name: string;
    /** The handler that lets only those pass who may. */
    readonly login: object;
    /** That which lets those pass who may send something. @default nobody may */
    readonly ofSenders?: object;
    readonly sites: readonly Site[];
    /** Whether browsers know who issued its certificate. */
    readonly isTrusted: boolean;
}

/**
 * Paths that who is behind the door may read in another way than the door does: none of its own pages asks for such. What stands
 * after the "?" is nobody's path. Whoever has a login of its own reads them as it likes.
 */
const oddPath = String.raw`(?i)^(?:[^/]|[^?]*(?://|/\.{1,2}(?:[/?]|$)|[;\\]|%(?:2e|2f|5c|3b|25|[01][0-9a-f]|7f)))`;

/** The most that one request may bring: a dashboard has some hundred kilobytes. */
const largestBody = 10 * 2 ** 20;

/** The certificate is for the name that the first of them says. */
export const routes = (door: Door): object[] => [
    { match: [{ host: [door.name] }], handle: [subroute(inside(door))], terminal: true },
    answer({}, 421),
];

const inside = ({ login, ofSenders, sites, isTrusted }: Door): object[] => [
    { handle: [securityHeaders(isTrusted), { handler: "request_body", max_size: largestBody }] },
    ...sites.flatMap((site) => [
        redirect(site.path, `${site.path}/`),
        { match: [{ path: [`${site.path}/*`] }], handle: [subroute(routesOf(site, login, ofSenders))], terminal: true },
    ]),
    ...sites
        .filter(({ withoutLogin }) => !withoutLogin?.closed.includes(everyPath))
        .slice(-1)
        .map(({ path }) => redirect("/", `${path}/`)),
    answer({}, 404),
];

const subroute = (below: object[]) => ({ handler: "subroute", routes: below });

/** @param match what is answered so, by Caddy's matchers; all of it where there is none */
const answer = (match: object, status: number, headers?: object) => ({
    ...(Object.keys(match).length > 0 && { match: [match] }),
    handle: [{ handler: "static_response", status_code: status, ...(headers && { headers }) }],
    terminal: true,
});

const redirect = (from: string, to: string) => answer({ path: [from] }, 302, { Location: [to] });

/** Source: https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers#security */
const securityHeaders = (isTrusted: boolean) => ({
    handler: "headers",
    response: {
        deferred: true,
        set: {
            "X-Content-Type-Options": ["nosniff"],
            "Referrer-Policy": ["same-origin"],
            ...(isTrusted && { "Strict-Transport-Security": ["max-age=31536000"] }),
        },
        delete: ["Server", "Via"],
    },
});

function routesOf(site: Site, login: object, ofSenders: object | undefined): object[] {
    const { path, withoutLogin } = site;
    const pass = [{ handler: "rewrite", strip_path_prefix: path }, proxy(site)];
    if (withoutLogin === undefined) {
        return [{ handle: pass }];
    }
    const pushed = (withoutLogin.pushed ?? []).map((each) => path + each);
    const sent = { match: [{ method: ["POST"], path: pushed }], handle: [ofSenders, ...pass], terminal: true };
    return [
        answer({ vars_regexp: { "{http.request.orig_uri}": { pattern: oddPath } } }, 400),
        ...(ofSenders && pushed.length > 0 ? [sent] : []),
        ...guarded(withoutLogin, login, path),
        { handle: pass },
    ];
}

/** A login, and then only what reads, and what is open. What a page of somebody else asks for is not the user's own request. */
function guarded({ closed, open }: Allowed, login: object, path: string): object[] {
    const below = (paths: readonly string[]) => paths.map((each) => path + each);
    const foreign = { header: { "Sec-Fetch-Site": ["cross-site", "same-site"] } };
    const harmless = [
        { method: ["GET", "HEAD"] },
        ...open.map(({ method, paths }) => ({ method: [method], path: below(paths), not: [foreign] })),
    ];
    return [{ handle: [login, framed] }, answer({ path: below(closed) }, 403), answer({ not: harmless }, 403)];
}

/** No page of somebody else shows it in a frame, under a button of its own. */
const framed = {
    handler: "headers",
    response: { deferred: true, set: { "X-Frame-Options": ["SAMEORIGIN"] } },
};

/**
 * Hands a request on. One with a login of its own gets that, but never the name of who somebody else is said to be; the others
 * get neither the password nor the wish for another protocol, which would lead past the rules above.
 * Source: https://grafana.com/docs/grafana/latest/setup-grafana/configure-security/configure-authentication/auth-proxy/
 */
function proxy(site: Site): object {
    const { tls, authorization } = upstream(site);
    const password = authorization === undefined ? ["Authorization"] : [];
    return {
        handler: "reverse_proxy",
        upstreams: [{ dial: site.address }],
        transport: { protocol: "http", dial_timeout: "5s", ...(tls && { tls }) },
        headers: {
            request: {
                ...(authorization !== undefined && { set: { Authorization: [authorization] } }),
                delete: site.withoutLogin === undefined ? ["X-Webauth-*"] : [...password, "Upgrade"],
            },
        },
    };
}
