import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Problem } from "./problems";
import type { Secret } from "./secret";
import { upstreamTls } from "./upstream";
import { hiddenText, object, oneOf, secretText, text, toggle } from "./values";

/**
 * How a target's certificate is checked, and how Prometheus shows its own.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#tls_config
 */

/** The versions, oldest first. */
export const tlsVersions = ["TLS10", "TLS11", "TLS12", "TLS13"] as const;

const pemBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** PEM text of one certificate or more. What was given is never shown: it may be the key. */
export const certificates = hiddenText(
    /-----BEGIN [\w ]*CERTIFICATE-----/,
    "a certificate in PEM form",
    "the text from BEGIN CERTIFICATE to END CERTIFICATE",
).refine((pem) => succeeds(() => readCertificates(pem)), {
    error: "is not a certificate in PEM form; write the text from BEGIN CERTIFICATE to END CERTIFICATE",
});

const notAKey =
    "is not a private key in PEM form and without a passphrase; write the text from BEGIN to END PRIVATE KEY";

export const privateKey = secretText(notAKey).refine(
    (key) => key.satisfies((pem) => succeeds(() => createPrivateKey(pem))),
    {
        error: notAKey,
    },
);

export const tlsConfig = object(
    {
        ca: certificates.optional().meta({
            description: "PEM text of the certificate authority that signed the target's certificate.",
            derived: "the usual ones",
        }),
        cert: certificates
            .optional()
            .describe("PEM text of the certificate that Prometheus shows, with its private key in `key`."),
        key: privateKey.optional().describe("PEM text of the private key of `cert`, without a passphrase."),
        serverName: text(/^[\w.:-]+$/, "a server's name", 'one, such as "web-1.example.com"')
            .optional()
            .meta({ description: "The name that the target's certificate is for.", derived: "the target's host" }),
        insecureSkipVerify: toggle.optional().meta({ description: "Accept every certificate.", derived: "`false`" }),
        minVersion: oneOf(tlsVersions)
            .optional()
            .meta({ description: "The oldest version of TLS to accept.", derived: "`TLS12`" }),
        maxVersion: oneOf(tlsVersions)
            .optional()
            .meta({ description: "The newest version of TLS to accept.", derived: "the newest there is" }),
    },
    {
        places: {
            caFile: "the text of the file in ca",
            certFile: "the text of the file in cert",
            keyFile: "the text of the file, encrypted, in key",
        },
        upstream: upstreamTls,
    },
).meta({ id: "tlsConfig", title: "TLS" });

/** The names of DNS that a certificate, the first of the text, is for. @returns undefined where it cannot be read. */
export function namesOf(cert: string): string[] | undefined {
    try {
        const { subjectAltName = "" } = readCertificates(cert)[0];
        return [...subjectAltName.matchAll(/DNS:([^,\s]+)/g)].map(([, name = ""]) => name);
    } catch {
        return undefined;
    }
}

/**
 * The name that who trusts only this certificate, the first of the text, asks it for.
 * @returns undefined where it is for no host, or cannot be read
 */
export function serverNameOf(cert: string): string | undefined {
    try {
        const { subjectAltName = "" } = readCertificates(cert)[0];
        const [, dns] = /DNS:([^,\s]+)/.exec(subjectAltName) ?? [];
        const [, address] = /IP Address:([^,\s]+)/.exec(subjectAltName) ?? [];
        return dns?.replace(/^\*/, "metrics-stack") ?? address;
    } catch {
        return undefined;
    }
}

/** The first certificate of a text, in base64 without the lines around it. */
export const firstOf = (pem: string) => readCertificates(pem)[0].raw.toString("base64");

/** Whether a certificate, the first of the text, is for a host. @returns undefined where it cannot be read. */
export function isFor(cert: string, host: string): boolean | undefined {
    try {
        return readCertificates(cert)[0].checkHost(host) !== undefined;
    } catch {
        return undefined;
    }
}

/** The certificates of a PEM text. @throws if there is none, or one cannot be read */
function readCertificates(pem: string): [X509Certificate, ...X509Certificate[]] {
    const [first = pem, ...others] = pem.match(pemBlock) ?? [];
    return [new X509Certificate(first), ...others.map((block) => new X509Certificate(block))];
}

export interface KeyPair {
    readonly cert?: string | undefined;
    readonly key?: Secret | undefined;
}

/** Whether a key is that of a certificate, the first of the text. @param path the object that holds both */
export function keyMistakes(path: Problem["path"], { cert, key }: KeyPair): Problem[] {
    const message = "is not the private key of the certificate in cert; write the one that is";
    return cert !== undefined && key !== undefined && isOfAnother(cert, key)
        ? [{ path: [...path, "key"], message }]
        : [];
}

/** What cannot be read was refused before. */
function isOfAnother(cert: string, key: Secret): boolean {
    try {
        return !readCertificates(cert)[0].checkPrivateKey(createPrivateKey(key.reveal()));
    } catch {
        return false;
    }
}

function succeeds(attempt: () => unknown): boolean {
    try {
        attempt();
        return true;
    } catch {
        return false;
    }
}
