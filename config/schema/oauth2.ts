import { z } from "zod";
import { expectedStructure } from "./problems";
import { proxyKeys } from "./proxy";
import { tlsConfig } from "./tls";
import { upstreamOauth2 } from "./upstream";
import { anyText, dictionary, hiddenText, object, oneOf, secret, secretText, text, webUrl } from "./values";

/**
 * A token that is fetched by OAuth 2.0.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#oauth2
 */

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

const texts = (example: string) => dictionary(z.string().min(1), anyText, example);

export const oauth2 = object(
    {
        clientId: hiddenText(/^[^\p{Cc}]+$/u, "a client's id", "the id that the server gave").describe(
            "The id of the client.",
        ),
        clientSecret: secret.optional().describe("The secret of the client."),
        tokenUrl: webUrl('one, such as "https://login.example.com/token"').describe("Where the token is fetched."),
        scopes: z
            .array(anyText, { error: expectedStructure("a list", 'a list of texts, such as ["metrics.read"]') })
            .optional()
            .describe("What the token is asked for."),
        endpointParams: texts('names with texts, such as {audience: "metrics"}')
            .optional()
            .describe("Further parameters of the token's URL."),
        grantType: oneOf(["client_credentials", jwtBearer])
            .optional()
            .meta({ description: "How the client proves who it is.", derived: "`client_credentials`" }),
        clientCertificateKey: secretText("is not text; write the key in PEM form")
            .optional()
            .describe("PEM text of the private key that signs the assertion, for the second grant type."),
        clientCertificateKeyId: text(/^[^\p{Cc}]+$/u, "an id", "the id of the key")
            .optional()
            .describe("The id of that key."),
        signatureAlgorithm: oneOf(["RS256", "RS384", "RS512"])
            .optional()
            .meta({ description: "How the assertion is signed.", derived: "`RS256`" }),
        iss: text(/^[^\p{Cc}]+$/u, "text", "the issuer of the assertion")
            .optional()
            .meta({
                description: "The issuer of the assertion.",
                derived: "`clientId`",
            }),
        audience: text(/^[^\p{Cc}]+$/u, "text", "the audience of the assertion")
            .optional()
            .meta({
                description: "Whom the assertion is for.",
                derived: "`tokenUrl`",
            }),
        claims: texts('names with texts, such as {sub: "metrics"}').optional().describe("Further claims."),
        tlsConfig: tlsConfig.optional().describe("How the certificate of `tokenUrl` is checked."),
        ...proxyKeys,
    },
    {
        places: {
            clientSecretFile: "the secret itself, encrypted, in clientSecret",
            clientCertificateKeyFile: "the text of the file, encrypted, in clientCertificateKey",
        },
        upstream: upstreamOauth2,
    },
)
    .superRefine(({ grantType, clientSecret, clientCertificateKey }, context) => {
        const [needed, given] =
            grantType === jwtBearer
                ? (["clientCertificateKey", clientCertificateKey] as const)
                : (["clientSecret", clientSecret] as const);
        if (given === undefined) {
            context.addIssue({
                code: "custom",
                path: [needed],
                message: "is missing; write it, the grantType needs it",
            });
        }
    })
    .meta({ id: "oauth2", title: "OAuth 2.0" });

export type OAuth2 = z.output<typeof oauth2>;
