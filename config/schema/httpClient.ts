import { z } from "zod";
import { oauth2 } from "./oauth2";
import { proxyKeys } from "./proxy";
import { tlsConfig } from "./tls";
import { upstreamAuthorization, upstreamBasicAuth } from "./upstream";
import { anyText, dictionary, hiddenText, listOf, object, secret, toggle } from "./values";

/**
 * How Prometheus asks somebody over HTTP: a target, or a service that knows the targets. Secrets are values in place of file names.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#http_config
 */

const basicAuth = object(
    {
        username: hiddenText(/^[^:\p{Cc}]+$/u, "a user name without colons and line breaks", "the name alone").describe(
            "The user's name.",
        ),
        password: secret.describe("The user's password."),
    },
    {
        places: {
            usernameFile: "the name itself in username",
            passwordFile: "the password itself, encrypted, in password",
        },
        upstream: upstreamBasicAuth,
    },
);

const authorization = object(
    {
        // Source: https://www.rfc-editor.org/rfc/rfc9110#section-11.1
        type: hiddenText(
            /^(?!basic$)[\w!#$%&'*+.^`|~-]+$/i,
            'the name of an authorization scheme other than "Basic"',
            '"Bearer", for instance, or use basicAuth',
        )
            .default("Bearer")
            .describe("The scheme in front of the credentials."),
        credentials: secret.describe("What is asked for, such as a token."),
    },
    {
        places: { credentialsFile: "the credentials themselves, encrypted, in credentials" },
        upstream: upstreamAuthorization,
    },
);

/** Those that Prometheus sets. Source: https://github.com/prometheus/common/blob/v0.69.0/config/headers.go (ReservedHeaders) */
const reservedHeader =
    /^(authorization|host|content-(encoding|length|type)|user-agent|connection|keep-alive|proxy-auth(enticate|orization)|www-authenticate|accept-encoding|x-prometheus-remote-(write|read)-version|x-prometheus-scrape-timeout-seconds|x-amz-(date|security-token|content-sha256))$/i;

/** @param login what is to be done for a login, which has a header of its own */
export const headerNameBeside = (login: string) =>
    z
        .string()
        // Source: https://www.rfc-editor.org/rfc/rfc9110#section-5.1
        .regex(/^[\w!#$%&'*+.^`|~-]+$/, { error: 'is not the name of a header; write one, such as "X-Scope-OrgID"' })
        .refine((name) => !reservedHeader.test(name), {
            error: `is a header that Prometheus sets itself; leave it out. ${login}`,
        });

export const headerName = headerNameBeside("A login stands in basicAuth, authorization or oauth2");

const texts = <Value extends z.ZodType>(value: Value) => listOf(value, 'a list of texts, such as ["shop"]').optional();

const header = object(
    {
        values: texts(anyText).describe("Its values."),
        secrets: texts(secret).describe("Its values that are secret."),
    },
    { places: { files: "the values themselves, encrypted, in secrets" } },
).refine(({ values = [], secrets = [] }) => values.length + secrets.length > 0, {
    error: 'has no value; write one, such as {values: ["shop"]}',
});

/** @param asked who is asked, e.g. "the targets" */
export const httpClientKeys = (asked: string) => ({
    basicAuth: basicAuth.optional().describe(`User and password that ${asked} for.`),
    authorization: authorization.optional().describe(`The header Authorization that ${asked} for.`),
    oauth2: oauth2
        .optional()
        .describe("Where a token is fetched by OAuth 2.0, to be sent in the header Authorization."),
    tlsConfig: tlsConfig.optional().describe("How certificates are checked, and which one Prometheus shows."),
    followRedirects: toggle.optional().meta({ description: "Follow redirects.", derived: "`true`" }),
    enableHttp2: toggle.optional().meta({ description: "Speak HTTP/2 where that is understood.", derived: "`true`" }),
    ...proxyKeys,
    httpHeaders: dictionary(headerName, header, 'names with values, such as {X-Scope-OrgID: {values: ["shop"]}}')
        .optional()
        .describe("Further headers, each a name with `values`, or with `secrets`."),
});

/** What is known of HTTP keys that cannot be declared. */
export const httpClientPlaces = {
    bearerToken: "authorization: {}, and its credentials encrypted",
    bearerTokenFile: "authorization: {}, and its credentials encrypted",
};

export type HttpClient = z.output<z.ZodObject<ReturnType<typeof httpClientKeys>>>;
