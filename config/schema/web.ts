import type { z } from "zod";
import type { Lenient } from "./lenient";
import { passwordHash, usersWith } from "./login";
import type { Problem } from "./problems";
import { certificates, keyMistakes, privateKey, serverNameOf, tlsVersions } from "./tls";
import { upstreamWeb, upstreamWebTls } from "./upstream";
import { anyText, listOf, object, oneOf, secret, text, toggle } from "./values";

/**
 * How Prometheus and Alertmanager are served: the file of their flag `--web.config.file`, with texts in place of file names.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/https/
 */

/** As whom the stack itself asks. */
export const stackUser = "metrics-stack";

/** Those of Go. Source: https://pkg.go.dev/crypto/tls#CipherSuites */
const cipherSuites = [
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    ...["ECDSA", "RSA"].flatMap((key) =>
        [
            "AES_128_CBC_SHA",
            "AES_256_CBC_SHA",
            "AES_128_GCM_SHA256",
            "AES_256_GCM_SHA384",
            "CHACHA20_POLY1305_SHA256",
        ].map((cipher) => `TLS_ECDHE_${key}_WITH_${cipher}`),
    ),
] as [string, ...string[]];

const tlsServerConfig = object(
    {
        cert: certificates.describe(
            "PEM text of the certificate that is shown, with those between it and its authority; `key` belongs to it.",
        ),
        key: privateKey.describe("PEM text of the private key of `cert`, without a passphrase."),
        clientCa: certificates.optional().meta({
            description:
                "PEM text of the authority of the certificates that everybody has to show: client authentication, `RequireAndVerifyClientCert`. The stack shows that of `itself`.",
            derived: "nobody has to show one",
        }),
        clientAllowedSans: listOf(anyText, 'a list of names, such as ["grafana.example.com"]').optional().meta({
            description: "Names of which a shown certificate has to have one: of a host, an address, a mail or a URI.",
            derived: "any",
        }),
        minVersion: oneOf(tlsVersions)
            .optional()
            .meta({ description: "The oldest version of TLS to speak.", derived: "`TLS12`" }),
        maxVersion: oneOf(tlsVersions)
            .optional()
            .meta({ description: "The newest version of TLS to speak.", derived: "`TLS13`" }),
        cipherSuites: listOf(oneOf(cipherSuites), "a list of cipher suites of Go")
            .optional()
            .meta({ description: "The cipher suites of TLS up to 1.2, by Go's names.", derived: "Go's" }),
        preferServerCipherSuites: toggle
            .optional()
            .meta({ description: "Whether the order of `cipherSuites` counts.", derived: "`true`" }),
        curvePreferences: listOf(
            oneOf(["CurveP256", "CurveP384", "CurveP521", "X25519"]),
            'a list of curves, such as ["X25519"]',
        )
            .optional()
            .meta({ description: "The elliptic curves, the best first.", derived: "Go's" }),
    },
    {
        places: {
            certFile: "the text of the file in cert",
            keyFile: "the text of the file, encrypted, in key",
            clientCaFile: "the text of the file in clientCa",
        },
        upstream: upstreamWebTls,
    },
);

const header = (words: string) =>
    text(/^[^\p{Cc}]+$/u, "the value of a header", "one")
        .optional()
        .describe(`The header \`${words}\`.`);

/** Those that can be set. Source: https://prometheus.io/docs/prometheus/latest/configuration/https/ */
const headers = object({
    "Content-Security-Policy": header("Content-Security-Policy"),
    "X-Frame-Options": oneOf(["deny", "sameorigin"]).optional().describe("The header `X-Frame-Options`."),
    "X-Content-Type-Options": oneOf(["nosniff"]).optional().describe("The header `X-Content-Type-Options`."),
    "X-XSS-Protection": header("X-XSS-Protection"),
    "Strict-Transport-Security": header("Strict-Transport-Security"),
});

const itself = object({
    // bcrypt reads 72, and Grafana takes $ for the name of a variable. Source: https://pkg.go.dev/golang.org/x/crypto/bcrypt
    password: secret
        .refine((value) => value.satisfies((it) => /^[!-#%-~]{20,72}$/.test(it)), {
            error: "is not of 20 to 72 letters, digits and signs, without a $; write what this prints: openssl rand -base64 24",
        })
        .optional()
        .describe(`The password of the user \`${stackUser}\`, beside \`basicAuthUsers\`; 20 to 72 characters.`),
    cert: certificates.optional().describe("PEM text of a certificate by `clientCa`; `key` belongs to it."),
    key: privateKey.optional().describe("PEM text of the private key of `cert`, without a passphrase."),
})
    .optional()
    .describe("What the stack itself shows: its health checks, deliveries and scrapes, Grafana and the door.");

const web = object(
    {
        tlsServerConfig: tlsServerConfig.optional().meta({
            description: "Speak HTTPS, and nothing else. Turning it on or off replaces the container.",
            derived: "HTTP",
        }),
        httpServerConfig: object({
            http2: toggle.optional().meta({ description: "Speak HTTP/2, over TLS.", derived: "`true`" }),
            headers: headers.optional().describe("Headers of every answer."),
        })
            .optional()
            .describe("How HTTP is spoken."),
        basicAuthUsers: usersWith(passwordHash("htpasswd -nBC 12 alice | cut -d : -f 2")).optional().meta({
            description:
                "Who may log in, to everything: names with bcrypt hashes of their passwords. The stack needs `itself.password` beside them.",
            derived: "nobody has to",
        }),
        itself,
    },
    { upstream: upstreamWeb },
).meta({ id: "web" });

export const webSchema = web.optional().meta({
    description:
        "Its own certificate and users: the file of the flag `--web.config.file`. A door has a login too, and lets in only what is harmless.",
    derived: "HTTP without a login",
});

export type Web = z.output<typeof web>;

/** The mistakes that only show when the keys are seen together. @param declared those of `web` */
export function webMistakes(declared: Lenient<Web> | undefined): Problem[] {
    if (declared === undefined) {
        return [];
    }
    const { tlsServerConfig: tls, basicAuthUsers: users, itself: own } = declared;
    const hasUsers = "basicAuthUsers" in declared;
    return [
        ...(hasUsers || "tlsServerConfig" in declared || "httpServerConfig" in declared
            ? []
            : [wrong([], "says nothing; write tlsServerConfig or basicAuthUsers, or leave it out")]),
        ...certificateMistakes(tls ?? {}),
        ...(users && stackUser in users
            ? [wrong(["basicAuthUsers", stackUser], "is the stack's own user; write itself.password, or another name")]
            : []),
        // What was refused as a whole has no keys.
        ...(own === undefined && "itself" in declared
            ? []
            : ownMistakes(own, hasUsers, tls !== undefined && "clientCa" in tls)),
    ];
}

const wrong = (path: Problem["path"], message: string): Problem => ({ path, message });

type Tls = Lenient<NonNullable<Web["tlsServerConfig"]>>;

function certificateMistakes({ cert, key, minVersion, maxVersion, ...rest }: Tls): Problem[] {
    const place = (name: string) => ["tlsServerConfig", name];
    const order = [minVersion, maxVersion].map((version) => (version ? tlsVersions.indexOf(version) : undefined));
    return [
        ...(cert !== undefined && serverNameOf(cert) === undefined
            ? [wrong(place("cert"), "is for no host; write one with a subject alternative name")]
            : []),
        ...keyMistakes(["tlsServerConfig"], { cert, key }),
        ...((order[0] ?? 0) > (order[1] ?? tlsVersions.length)
            ? [wrong(place("minVersion"), "is newer than maxVersion; write it the other way round")]
            : []),
        ...("clientAllowedSans" in rest && !("clientCa" in rest)
            ? [wrong(place("clientAllowedSans"), "has no effect without clientCa; write that too")]
            : []),
    ];
}

/** @param own what the stack shows, where that is declared */
function ownMistakes(own: Own | undefined, hasUsers: boolean, showsCertificates: boolean): Problem[] {
    const needed = (name: string, isNeeded: boolean, why: string, without: string) => {
        const place = own === undefined ? ["itself"] : ["itself", name];
        const message = isNeeded ? `is missing; ${why}` : `has no effect without ${without}; write both`;
        return isNeeded === name in (own ?? {}) ? [] : [wrong(place, message)];
    };
    const password = "the stack itself has to log in; write its password, as this prints one: openssl rand -base64 24";
    const shown = (name: string) => `the stack itself has to show a certificate by clientCa; write its ${name}`;
    return [
        ...needed("password", hasUsers, password, "basicAuthUsers"),
        ...["cert", "key"].flatMap((name) => needed(name, showsCertificates, shown(name), "clientCa")),
        ...keyMistakes(["itself"], own ?? {}),
    ];
}

type Own = Lenient<NonNullable<Web["itself"]>>;
