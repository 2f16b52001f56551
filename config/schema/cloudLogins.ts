import { z } from "zod";
import { tell, together } from "./problems";
import { upstreamAzuread, upstreamAzureCertificate } from "./upstream";
import { certificates, privateKey } from "./tls";
import { object, oneOf, secret, secretText, text, toggle } from "./values";

/**
 * How clouds know who writes samples. Secrets are values in place of file names.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#remote_write
 */

const word = (what: string, example: string) =>
    text(/^[^\s\p{Cc}]+$/u, what, `one, such as ${JSON.stringify(example)}`);

export const sigv4 = object(
    {
        region: word("a region of AWS", "eu-central-1").describe("The region of AWS."),
        accessKey: word("the id of an access key", "AKIAIOSFODNN7EXAMPLE")
            .optional()
            .meta({ description: "The id of the access key.", derived: "the role of the machine" }),
        secretKey: secret.optional().describe("The secret of the access key."),
        roleArn: word("the name of a role", "arn:aws:iam::123456789012:role/metrics")
            .optional()
            .describe("The role to take on."),
        externalId: word("an id", "metrics").optional().describe("The id that the role asks for."),
        useFipsStsEndpoint: toggle
            .optional()
            .meta({ description: "Ask for roles where AWS complies with FIPS 140-2.", derived: "`false`" }),
        serviceName: word("a service of AWS", "aps")
            .optional()
            .meta({ description: "The service that requests are signed for.", derived: "`aps`" }),
    },
    { places: { profile: "accessKey, and secretKey encrypted: the container has no file of profiles" } },
).superRefine((value, context) => {
    const { roleArn, externalId } = value;
    tell(context, together(value, ["accessKey", "secretKey"]));
    if (externalId !== undefined && roleArn === undefined) {
        const message = "has no effect without a role; write roleArn too, or leave it out";
        context.addIssue({ code: "custom", path: ["externalId"], message });
    }
});

const uuid = z.guid({
    error: "is not the id of an application; write the one that Azure shows, of 32 digits in five groups",
});
const tenant = text(/^[0-9a-zA-Z-.]+$/, "the id of a tenant", "the one that Azure shows");

/** Each of its ways, of which one is written. */
const azureWays = {
    managedIdentity: object({
        clientId: uuid.optional().meta({ description: "The identity's client id.", derived: "that of the machine" }),
    })
        .optional()
        .describe("The identity that Azure gives the machine."),
    oauth: object({
        clientId: uuid.describe("The id of the application."),
        clientSecret: secret.describe("The secret of the application."),
        tenantId: tenant.describe("The tenant of the application."),
    })
        .optional()
        .describe("An application and its secret. Prometheus gets it as `oauth2`, which reads the secret from a file."),
    certificate: object(
        {
            clientId: uuid.describe("The id of the application."),
            tenantId: tenant.describe("The tenant of the application."),
            certificate: certificates.describe("PEM text of the application's certificate."),
            certificateKey: privateKey.describe("PEM text of its private key, without a passphrase."),
            sendCertificateChain: toggle
                .optional()
                .meta({ description: "Show the whole chain of the certificate.", derived: "`false`" }),
        },
        {
            places: {
                certificatePath: "the text of the file in certificate",
                certificateKeyPath: "the text of the file, encrypted, in certificateKey",
            },
            upstream: upstreamAzureCertificate,
        },
    )
        .optional()
        .describe("An application and its certificate."),
    sdk: object({ tenantId: tenant.optional().describe("The tenant.") })
        .optional()
        .describe("What Azure's own library finds by itself: in a container the machine's identity."),
};

export const azureClouds = ["AzurePublic", "AzureGovernment", "AzureChina"] as const;

export const azuread = object(
    {
        ...azureWays,
        cloud: oneOf(azureClouds)
            .optional()
            .meta({ description: "Which of Azure's clouds it is.", derived: "`AzurePublic`" }),
        scope: word("a scope", "https://monitor.azure.com//.default")
            .optional()
            .meta({ description: "What the token is asked for.", derived: "Azure Monitor of the cloud" }),
    },
    { upstream: upstreamAzuread },
).superRefine((value, context) => {
    const [, ...others] = Object.keys(azureWays).filter((way) => way in value);
    const ways = Object.keys(azureWays).join(", ");
    if (!Object.keys(azureWays).some((way) => way in value)) {
        context.addIssue({ code: "custom", message: `says not who Prometheus is; write one of ${ways}` });
    }
    for (const other of others) {
        context.addIssue({ code: "custom", path: [other], message: `stands beside another; write one of ${ways}` });
    }
});

export const notAnAccount = "is not the key of a service account; write the text of its JSON file";

/** What kind of login of Google's it is, e.g. "service_account". @returns undefined of what is none */
export const googleTypeOf = (text: string): unknown => {
    try {
        return (JSON.parse(text) as { type?: unknown } | null)?.type;
    } catch {
        return undefined;
    }
};

export const googleIam = object(
    {
        credentials: secretText(notAnAccount)
            .refine((value) => value.satisfies((text) => googleTypeOf(text) === "service_account"), {
                error: notAnAccount,
            })
            .optional()
            .meta({ description: "JSON text of a service account's key.", derived: "the account of the machine" }),
    },
    { places: { credentialsFile: "the text of the file, encrypted, in credentials" } },
);

export type Sigv4 = z.output<typeof sigv4>;
export type Azuread = z.output<typeof azuread>;
export type GoogleIam = z.output<typeof googleIam>;
