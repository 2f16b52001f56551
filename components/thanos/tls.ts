import type { z } from "zod";
import { Secret } from "../../config/schema/secret";
import { certificates, privateKey } from "../../config/schema/tls";
import { object } from "../../config/schema/values";
import { secretPath } from "./container";

/** The name that the sidecars and the members of a ring have in their certificate, wherever they are. */
export const tlsName = "thanos";

/**
 * One certificate for all stacks that ask each other, and its own authority: who has its key is one of them.
 * Source: https://thanos.io/tip/components/sidecar.md/ (`--grpc-server-tls-*`)
 */
export const tlsSchema = object({
    cert: certificates.describe(
        `Certificate for the name \`${tlsName}\`: the sidecar and Receive show it, and answer only who shows it; Query shows it to all \`endpoints\`.`,
    ),
    key: privateKey.describe("Its private key."),
})
    .optional()
    .describe("How sidecars, the members of a ring and the Queries of other stacks know each other.");

export type Tls = z.output<typeof tlsSchema>;

const [certFile, keyFile] = ["tls.cert.pem", "tls.key.pem"];

export const tlsFiles = (tls: Tls): Readonly<Record<string, Secret>> =>
    tls ? { [certFile]: new Secret(tls.cert), [keyFile]: tls.key } : {};

export const serverFlags = (tls: Tls): string[] =>
    tls
        ? [
              `--grpc-server-tls-cert=${secretPath(certFile)}`,
              `--grpc-server-tls-key=${secretPath(keyFile)}`,
              `--grpc-server-tls-client-ca=${secretPath(certFile)}`,
          ]
        : [];

/** How a member of a ring hands samples on to the others. */
export const memberFlags = (tls: Tls): string[] =>
    tls
        ? [
              "--remote-write.client-tls-secure",
              `--remote-write.client-tls-cert=${secretPath(certFile)}`,
              `--remote-write.client-tls-key=${secretPath(keyFile)}`,
              `--remote-write.client-tls-ca=${secretPath(certFile)}`,
              `--remote-write.client-server-name=${tlsName}`,
          ]
        : [];

/** How Query asks who speaks TLS. Source: https://thanos.io/tip/components/query.md/#endpoint-configuration */
export const clientConfig = {
    client_config: {
        tls_config: {
            enabled: true,
            cert_file: secretPath(certFile),
            key_file: secretPath(keyFile),
            ca_file: secretPath(certFile),
        },
        server_name: tlsName,
    },
};
