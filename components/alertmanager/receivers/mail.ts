import { z } from "zod";
import { hostPortMistake, loopbackMistake, splitHostPort } from "../../../config/schema/hosts";
import { expected, show } from "../../../config/schema/problems";
import { tlsConfig } from "../../../config/schema/tls";
import { hiddenText, object, secret, text, toggle } from "../../../config/schema/values";
import { addresses, oneAddress } from "../email";
import { inPlaceOf, kind, off, texts, words } from "./kind";

/**
 * Telling by e-mail.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#email_config
 */

const email = (several: boolean) =>
    text(
        several ? addresses : oneAddress,
        "an e-mail address",
        `one, such as "ops@example.com" or "Ops <ops@example.com>"${several ? ", or several with commas" : ""}`,
    );

const notASmarthost = expected("host:port", 'the mail server, such as "smtp.example.com:587"');
const smarthost = z.string({ error: notASmarthost }).superRefine((value, context) => {
    const mistake =
        hostPortMistake(value, "smtp.example.com:587") ?? loopbackMistake(splitHostPort(value), "Alertmanager's");
    if (mistake !== undefined) {
        const message = /:\d+$/.test(value) ? `${show(value)} ${mistake}` : notASmarthost({ input: value });
        context.addIssue({ code: "custom", message });
    }
});

/** What receivers have in common, and may be said once for all of them. */
const server = {
    from: email(false).optional().describe("The sender's address."),
    smarthost: smarthost.optional().describe("The mail server as `host:port`."),
    hello: text(
        /^(\w([\w.-]*\w)?|\[[\d.]+\]|\[IPv6:[\da-f:.]+\])$/i,
        "a host's name",
        'one, such as "metrics.example.com"',
    )
        .optional()
        .meta({
            description: "The name that Alertmanager says it has (`EHLO`): some mail servers refuse the default.",
            derived: "`localhost`",
        }),
    requireTls: toggle
        .optional()
        .meta({ description: "Refuse to send where the server offers no encryption.", derived: "`true`" }),
    forceImplicitTls: toggle.optional().meta({
        description:
            "Encrypt from the first byte on, as on port 465 (`true`), or begin in the clear (`false`); Alertmanager 0.31 or newer.",
        derived: "whether the port is 465",
    }),
    authUsername: hiddenText(/\S/, "text", "the user name at the mail server")
        .optional()
        .describe("The user name at the mail server."),
    authPassword: secret.optional().describe("The password of `authUsername`."),
    authSecret: secret.optional().describe("The secret of the login CRAM-MD5."),
    authIdentity: hiddenText(/\S/, "text", "the identity at the mail server")
        .optional()
        .describe("The identity of the login PLAIN."),
    tlsConfig: tlsConfig.optional().describe("How the mail server's certificate is checked."),
};

const files = {
    ...inPlaceOf("authPasswordFile", "authPassword"),
    ...inPlaceOf("authSecretFile", "authSecret"),
};

export const smtp = object(server, { places: files }).optional().describe("The mail server of all receivers.");

export const emailConfig = kind(
    "email",
    "E-mail",
    {
        to: email(true).describe("One address, or several with commas."),
        ...server,
        from: server.from.meta({ derived: "`alertmanager.smtp.from`" }),
        smarthost: server.smarthost.meta({ derived: "`alertmanager.smtp.smarthost`" }),
        headers: texts('names with texts, such as {Subject: "Alert"}').describe("Headers; `Subject` is one."),
        html: words("The text of the mail as HTML, in place of Alertmanager's own."),
        text: words("The text of the mail."),
        threading: object({
            enabled: off("Have mails of one group stand in one thread."),
            threadByDate: words("`daily` for a new thread every day, or `none`."),
        })
            .optional()
            .describe("Whether mails of a group stand together."),
    },
    { places: files },
);
