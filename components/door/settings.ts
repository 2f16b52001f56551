import type { z } from "zod";
import { loopbackMistake } from "../../config/schema/hosts";
import { passwordHash, userName, usersWith } from "../../config/schema/login";
import { show } from "../../config/schema/problems";
import { certificates, privateKey } from "../../config/schema/tls";
import {
    bindAddress,
    dictionary,
    image,
    memory,
    object,
    oneOf,
    publishedPort,
    startTimeout,
    text,
    toggle,
    webUrl,
} from "../../config/schema/values";
import { standardImage } from "../caddy";

/** A name as it stands in certificates and in browsers. Source: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.1 */
const hostName = text(
    /^(?=.{1,253}$)(?!.*\.\d+$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/,
    "the name of a host, in small letters",
    'one that leads to the Docker host, such as "metrics.example.com"',
);

const hash = passwordHash(`docker run --rm -it ${standardImage} caddy hash-password`);

const anAddress = 'one, such as "http://authelia:9091/api/authz/forward-auth"';

/** The address of a single sign-on proxy, as the door's container asks it. */
const authority = webUrl(anAddress)
    .refine((url) => !/^\w+:\/\/[^/]*@|#/.test(url), { error: `has a user or a fragment; write ${anAddress}` })
    .refine((url) => ownMistake(url) === undefined, { error: ({ input }) => ownMistake(String(input)) ?? "" });

function ownMistake(url: string): string | undefined {
    const { hostname, port } = URL.canParse(url) ? new URL(url) : { hostname: "", port: "" };
    const mistake = loopbackMistake({ host: hostname, port: port && `:${port}` }, "the door's");
    return mistake && `${show(url)} ${mistake}`;
}

const tls = object({
    issuer: oneOf(["internal", "acme"])
        .default("internal")
        .describe(
            "Who issues the certificate: `internal`, an authority of the door's own that browsers have to be told to trust, or `acme`, Let's Encrypt, which has to reach the name on port 443.",
        ),
    email: text(/^[^\s@]+@[^\s@]+$/, "a mail address", 'one, such as "ops@example.com"')
        .optional()
        .describe("Whom Let's Encrypt writes to."),
    cert: certificates
        .optional()
        .describe(
            "PEM text of a certificate of your own, with those between it and its authority; `key` belongs to it.",
        ),
    key: privateKey.optional().describe("PEM text of the private key of `cert`, without a passphrase."),
})
    .prefault({})
    .describe("The door's certificate.");

export const doorSchema = object({
    enabled: toggle
        .prefault("false")
        .describe("Run a proxy that people reach Prometheus, Alertmanager and Grafana through, with a login: Caddy."),
    image: image(standardImage),
    name: hostName.optional().meta({
        description: "The name in the address that people open. It has to lead to the Docker host.",
        derived: "none; a door needs one",
    }),
    port: publishedPort(443),
    bindAddress,
    memoryLimit: memory("128MB"),
    startTimeout,
    users: usersWith(hash).optional().meta({
        description: "Who may log in: names with bcrypt hashes of their passwords. Grafana has its own users.",
        derived: "none; a door needs them, or `forwardAuth`",
    }),
    senders: dictionary(userName, hash, "names with hashes of passwords, such as {web-1: ...}")
        .default({})
        .describe(
            "Who may send samples to Prometheus and Thanos Receive, where they take them (`prometheus.receive`, `thanos.receive`), and do nothing else: names with bcrypt hashes of their passwords.",
        ),
    forwardAuth: authority.optional().meta({
        description:
            "Who decides in place of `users`: the address at which a single sign-on proxy is asked about every request, and answers 2xx where somebody may pass.",
        derived: "`users` decide",
    }),
    tls,
})
    .prefault({})
    .describe("The one door to all of it.");

export type DoorSettings = z.output<typeof doorSchema>;
