import { z } from "zod";
import { toYaml } from "../../config/render/yaml";
import { defined, snakeCase } from "../../config/render/words";
import { googleTypeOf, notAnAccount } from "../../config/schema/cloudLogins";
import type { Problem } from "../../config/schema/problems";
import { tell, together } from "../../config/schema/problems";
import { Secret } from "../../config/schema/secret";
import { certificates, privateKey } from "../../config/schema/tls";
import {
    anyText,
    count,
    dictionary,
    object,
    oneOf,
    secret,
    secretText,
    text,
    toggle,
} from "../../config/schema/values";
import { bucketFolder, secretPath } from "./container";

/**
 * The bucket, as Thanos' own file has it, with texts in place of file names.
 * Source: https://thanos.io/tip/thanos/storage.md/
 */

const word = (what: string, example: string) =>
    text(/^[^\s\p{Cc}]+$/u, what, `one, such as ${JSON.stringify(example)}`);

/** It is not a URL. Source: https://thanos.io/tip/thanos/storage.md/#s3 */
const endpoint = (example: string) =>
    text(
        /^[\w.-]+(:\d+)?$/,
        "a host, with a port where it has one",
        `it without https://, such as ${JSON.stringify(example)}`,
    );

const tlsConfig = object(
    {
        ca: certificates.optional().meta({
            description: "PEM text of the authority of the storage's certificate.",
            derived: "the usual ones",
        }),
        cert: certificates.optional().describe("PEM text of the certificate that Thanos shows; `key` belongs to it."),
        key: privateKey.optional().describe("PEM text of the private key of `cert`, without a passphrase."),
        serverName: word("a server's name", "s3.example.com")
            .optional()
            .meta({ description: "The name that the storage's certificate is for.", derived: "its host" }),
        insecureSkipVerify: toggle.optional().meta({ description: "Accept every certificate.", derived: "`false`" }),
    },
    {
        places: {
            caFile: "the text of the file in ca",
            certFile: "the text of the file in cert",
            keyFile: "the text of the file, encrypted, in key",
        },
    },
);

const httpConfig = object({ tlsConfig: tlsConfig.optional().describe("How TLS is spoken.") })
    .optional()
    .describe("How the storage's certificate is checked, and how Thanos shows its own.");

const maxRetries = count
    .optional()
    .meta({ description: "How often a request is tried again.", derived: "the library's own" });

/** Who Thanos is there is said in one way. Thanos refuses most pairs when it starts, and of the others looks at one. */
const oneOfThem = (value: object, keys: readonly string[]): Problem[] => {
    const [first, ...others] = keys.filter((key) => key in value);
    const message = `stands beside ${first}; write one of ${keys.join(", ")}`;
    return others.map((key) => ({ path: [key], message }));
};

const s3 = object({
    bucket: word("the name of a bucket", "metrics").describe("The bucket. It is there already."),
    endpoint: endpoint("s3.eu-central-1.amazonaws.com").describe(
        "The host of the storage, with a port where it has one.",
    ),
    region: word("a region", "eu-central-1").optional().meta({ description: "The region.", derived: "found out" }),
    accessKey: word("the id of an access key", "AKIAIOSFODNN7EXAMPLE")
        .optional()
        .meta({ description: "The id of the access key.", derived: "that of the machine" }),
    secretKey: secret.optional().describe("The secret of the access key."),
    sessionToken: secret.optional().describe("The token of a key for a while."),
    awsSdkAuth: toggle
        .optional()
        .meta({ description: "Find out by AWS' own library who Thanos is.", derived: "`false`" }),
    insecure: toggle.optional().meta({ description: "Ask by HTTP, without TLS.", derived: "`false`" }),
    bucketLookupType: oneOf(["auto", "virtual-hosted", "path"])
        .optional()
        .meta({ description: "Whether the bucket is in the host's name or in the path.", derived: "`auto`" }),
    signatureVersion2: toggle.optional().meta({ description: "Sign as older storages demand.", derived: "`false`" }),
    listObjectsVersion: oneOf(["v1", "v2"])
        .optional()
        .meta({ description: "How objects are listed.", derived: "`v2`" }),
    disableDualstack: toggle.optional().meta({ description: "Ask AWS by IPv4 alone.", derived: "`false`" }),
    sendContentMd5: toggle.optional().meta({ description: "Send a checksum with every part.", derived: "`true`" }),
    disableMultipart: toggle.optional().meta({ description: "Send each object as a whole.", derived: "`false`" }),
    partSize: count.optional().meta({ description: "Bytes of a part.", derived: "`67108864`" }),
    putUserMetadata: dictionary(anyText, anyText, 'names with texts, such as {X-Amz-Storage-Class: "STANDARD_IA"}')
        .optional()
        .describe("Metadata that every object gets, the storage class among it."),
    sseConfig: object({
        type: oneOf(["SSE-S3", "SSE-KMS"]).describe("Whose key encrypts the objects."),
        kmsKeyId: word("the id of a key", "1234abcd-12ab-34cd-56ef-1234567890ab")
            .optional()
            .describe("The key of KMS."),
        kmsEncryptionContext: dictionary(anyText, anyText, 'names with texts, such as {team: "shop"}')
            .optional()
            .describe("The context that goes with it."),
    })
        .optional()
        .describe("How the storage encrypts."),
    stsEndpoint: word("an address", "https://sts.eu-central-1.amazonaws.com")
        .optional()
        .meta({ description: "Where roles are taken on.", derived: "AWS' own" }),
    maxRetries,
    httpConfig,
}).superRefine((value, context) => {
    const { awsSdkAuth, sseConfig } = value;
    tell(context, [
        ...together(value, ["accessKey", "secretKey"]),
        ...(awsSdkAuth === true ? oneOfThem(value, ["awsSdkAuth", "accessKey"]) : []),
        ...(sseConfig?.type === "SSE-KMS" && sseConfig.kmsKeyId === undefined
            ? [{ path: ["sseConfig", "kmsKeyId"], message: "is missing; with SSE-KMS write the id of the key" }]
            : []),
    ]);
});

const gcs = object({
    bucket: word("the name of a bucket", "metrics").describe("The bucket. It is there already."),
    serviceAccount: secretText(notAnAccount)
        .refine((value) => value.satisfies((text) => typeof googleTypeOf(text) === "string"), { error: notAnAccount })
        .optional()
        .meta({ description: "JSON text of a service account's key.", derived: "the account of the machine" }),
    useGrpc: toggle.optional().meta({ description: "Ask by gRPC.", derived: "`false`" }),
    chunkSizeBytes: count.optional().meta({ description: "Bytes that are sent at a time.", derived: "`16777216`" }),
    maxRetries,
    httpConfig,
});

const azure = object({
    storageAccount: word("the name of a storage account", "examplemetrics").describe("The storage account."),
    container: word("the name of a container", "metrics").describe("The container in it."),
    storageAccountKey: secret.optional().describe("The key of the account."),
    storageConnectionString: secret.optional().describe("In place of the key: the account's connection string."),
    azTenantId: word("the id of a tenant", "72f988bf-86f1-41af-91ab-2d7cd011db47").optional().describe("The tenant."),
    clientId: word("the id of an application", "72f988bf-86f1-41af-91ab-2d7cd011db47")
        .optional()
        .describe("In place of the key: the application that Thanos is."),
    clientSecret: secret.optional().describe("The secret of the application."),
    userAssignedId: word("the id of an identity", "72f988bf-86f1-41af-91ab-2d7cd011db47")
        .optional()
        .meta({ description: "The identity that the machine has.", derived: "the only one" }),
    endpoint: endpoint("blob.core.windows.net")
        .optional()
        .meta({ description: "The host of Azure's storage.", derived: "`blob.core.windows.net`" }),
    storageCreateContainer: toggle
        .optional()
        .meta({ description: "Make the container where it is not there.", derived: "`true`" }),
    maxRetries,
    httpConfig,
}).superRefine((value, context) => {
    tell(context, [
        ...together(value, ["azTenantId", "clientId", "clientSecret"]),
        ...oneOfThem(value, ["storageAccountKey", "storageConnectionString", "clientId", "userAssignedId"]),
    ]);
});

const filesystem = object({
    directory: text(
        /^(\/[^\p{Cc}]*|[a-zA-Z0-9][\w.-]+)$/u,
        "a folder of the Docker host or a Docker volume",
        'an absolute path, such as "/srv/metrics", or a name from `docker volume ls`',
    ).describe("A folder of the Docker host, or a Docker volume by its name, that user 65534 may write into."),
});

const configs = {
    S3: s3.meta({ id: "s3" }),
    GCS: gcs.meta({ id: "gcs" }),
    AZURE: azure.meta({ id: "azure" }),
    FILESYSTEM: filesystem.meta({ id: "filesystem" }),
};

const types = Object.keys(configs).join(", ");

const kind = <Type extends keyof typeof configs>(type: Type) =>
    object({
        type: z.literal(type).describe("The kind of storage."),
        config: configs[type].describe("Where the bucket is, and who Thanos is there."),
        prefix: word("a path", "production")
            .optional()
            .meta({ description: "The path in the bucket that all of it is below.", derived: "the top" }),
    });

export const objectStorageSchema = z.discriminatedUnion(
    "type",
    [kind("S3"), kind("GCS"), kind("AZURE"), kind("FILESYSTEM")],
    { error: `is not a kind of object storage; write one of ${types}` },
);

export type ObjectStorage = z.output<typeof objectStorageSchema>;

/** The file with the bucket: a secret as a whole. */
const storageFile = "objectStorage.yml";

/** What stands in files of their own. */
const textsOf = (storage: ObjectStorage) => {
    const { ca, cert, key } = ("httpConfig" in storage.config && storage.config.httpConfig?.tlsConfig) || {};
    return Object.entries({ ca, cert, key }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, `objectStorage.${name}.pem`, value] as const],
    );
};

/** The file, and the certificates that it names. @returns none without a bucket */
export function storageFiles(storage: ObjectStorage | undefined): Readonly<Record<string, Secret>> {
    if (storage === undefined) {
        return {};
    }
    const { type, config, prefix } = storage;
    const secrets = Object.values<unknown>(config).filter((value) => value instanceof Secret);
    const content = () => toYaml(defined({ type, prefix, config: contentOf(storage, config) }));
    return {
        [storageFile]: secrets.every(({ isReadable }) => isReadable) ? new Secret(content()) : new Secret(),
        ...Object.fromEntries(
            textsOf(storage).map(([, file, value]) => [file, typeof value === "string" ? new Secret(value) : value]),
        ),
    };
}

function contentOf(storage: ObjectStorage, config: ObjectStorage["config"]): object {
    if ("directory" in config) {
        return { directory: bucketFolder };
    }
    const { httpConfig: http, ...rest } = config;
    const { putUserMetadata, sseConfig, ...plain } = { putUserMetadata: undefined, sseConfig: undefined, ...rest };
    const { serverName, insecureSkipVerify } = http?.tlsConfig ?? {};
    const files = Object.fromEntries(textsOf(storage).map(([name, file]) => [`${name}_file`, secretPath(file)]));
    return defined({
        ...snakeCase(
            Object.fromEntries(
                Object.entries(plain).map(([key, value]) => [key, value instanceof Secret ? value.reveal() : value]),
            ),
        ),
        // The names in these are somebody's own.
        put_user_metadata: putUserMetadata,
        sse_config: sseConfig && defined(withOwnNames(sseConfig)),
        http_config: http?.tlsConfig && {
            tls_config: defined({ ...files, server_name: serverName, insecure_skip_verify: insecureSkipVerify }),
        },
    });
}

const withOwnNames = ({ type, kmsKeyId, kmsEncryptionContext }: NonNullable<z.output<typeof s3>["sseConfig"]>) => ({
    type,
    kms_key_id: kmsKeyId,
    kms_encryption_context: kmsEncryptionContext,
});

/** The storage as people call it, e.g. "S3 metrics", without anything secret. */
export function storageName({ type, config, prefix }: ObjectStorage): string {
    const name =
        "directory" in config
            ? config.directory
            : "container" in config
              ? `${config.storageAccount}/${config.container}`
              : config.bucket;
    return `${type} ${[name, prefix].filter((each) => each !== undefined).join("/")}`;
}

/** How a component is told of it. @returns none without a bucket */
export const storageFlags = (storage: ObjectStorage | undefined): string[] =>
    storage ? [`--objstore.config-file=${secretPath(storageFile)}`] : [];

/** A bucket that is a folder, as containers mount it. @returns none for any other */
export const bucketMounts = (storage: ObjectStorage | undefined) =>
    storage && "directory" in storage.config ? [{ source: storage.config.directory, target: bucketFolder }] : [];
