import { z } from "zod";
import { hiddenText, count, object, oneOf, secret, secretUrl } from "../../../config/schema/values";
import { expected } from "../../../config/schema/problems";
import { apiUrl, inPlaceOf, kind, off, overHttp, several, templated, time, webhookUrl, words } from "./kind";

/**
 * Telling in chats.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#receiver-integration-settings
 */

// Alertmanager's own text for Slack is a title only. Rules of somebody's own need not have all annotations.
const slackText = [
    "{{ range .Alerts }}*{{ or .Annotations.summary .Labels.alertname }}*",
    "{{ .Annotations.description }}",
    "{{ with .Annotations.runbook_url }}Runbook: {{ . }}{{ end }}",
    "{{ end }}",
].join("\n");

const field = object({
    title: words("Its title."),
    value: words("Its text."),
    short: off("Whether another one fits beside it."),
});
const fields = several(field, '[{title: "Team", value: "shop"}]').describe("Titles with texts, as a table.");

/** Source of what stands together: https://github.com/prometheus/alertmanager/blob/v0.34.1/config/notifiers.go (SlackAction) */
const action = object({
    type: templated.describe("`button`, for instance."),
    text: templated.describe("What stands on it."),
    url: words("Where it leads."),
    style: words("`default`, `primary` or `danger`."),
    name: words("In place of `url` its name, for who answers it."),
    value: words("Its value, for who answers it."),
    confirm: object({
        text: words("The question."),
        title: words("Its title."),
        okText: words("What stands on the button that agrees."),
        dismissText: words("What stands on the one that does not."),
    })
        .optional()
        .describe("What is asked before it is answered."),
}).superRefine(({ url, name, value, confirm }, context) => {
    const ofAnswers = name ?? value ?? confirm;
    if (url !== undefined ? ofAnswers !== undefined : name === undefined) {
        const message =
            url === undefined
                ? "has neither url nor name; write one"
                : "has an url, and Alertmanager reads no name, value and confirm beside it; leave them out";
        context.addIssue({ code: "custom", message });
    }
});

const color = words("The colour beside it.");
const title = words("The title.");
const titleLink = words("Where the title leads.");
const username = words("The name of who writes.");
const channel = words("The channel to write to.");
const iconEmoji = words("The picture of who writes, as an emoji.");
const iconUrl = words("The picture of who writes, by its URL.");
const imageUrl = words("A picture in the message, by its URL.");
const thumbUrl = words("A small picture in the message, by its URL.");
const shortFields = off("Whether two fields fit beside each other.");
const linkNames = off("Make links of names and channels in the message.");

const postMessage = "https://slack.com/api/chat.postMessage";

export const slack = kind(
    "slack",
    "Slack",
    {
        webhookUrl: secretUrl.optional().describe("The URL of an incoming webhook."),
        appToken: secret.optional().describe("The token of an app, in place of `webhookUrl`."),
        appUrl: apiUrl(postMessage),
        channel: words("The channel to write to.").meta({ derived: "the webhook's own" }),
        username,
        color,
        title,
        titleLink,
        pretext: words("The text above the message."),
        text: words("The message.").meta({ derived: "summary, description and runbook of each alert" }),
        messageText: words("The text of the notice, where there is an `appToken`."),
        fields,
        shortFields,
        footer: words("The text below the message."),
        fallback: words("The text for those who see no attachments."),
        callbackId: words("An id, for who answers actions."),
        iconEmoji,
        iconUrl,
        imageUrl,
        thumbUrl,
        linkNames,
        mrkdwnIn: z.array(z.string()).optional().describe("The parts in which Slack reads markup."),
        actions: several(action, '[{type: "button", text: "Runbook", url: "https://..."}]').describe("Buttons."),
        updateMessage: off(
            "Change the message that is there, in place of a new one, with the token of a bot in `httpConfig`.",
        ),
        timeout: time.describe("How long sending may take."),
        ...overHttp,
    },
    {
        places: {
            apiUrl: "the URL, encrypted, in webhookUrl",
            apiUrlFile: "the URL, encrypted, in webhookUrl",
            ...inPlaceOf("appTokenFile", "appToken"),
        },
    },
)
    .superRefine(({ webhookUrl: url, appToken, updateMessage, httpConfig }, context) => {
        const message = updateMessage
            ? updatedBy(httpConfig?.authorization !== undefined, url ?? appToken)
            : (url === undefined) === (appToken === undefined)
              ? "needs one of webhookUrl and appToken; write one"
              : undefined;
        if (message !== undefined) {
            context.addIssue({ code: "custom", message });
        }
    })
    .transform(({ text: message = slackText, ...rest }) => ({
        ...rest,
        ...(rest.updateMessage && { apiUrl: postMessage }),
        text: message,
    }));

/** A message can only be changed by who asks Slack's API with the token of a bot. */
const updatedBy = (hasToken: boolean, other: unknown) =>
    hasToken && other === undefined
        ? undefined
        : "changes messages with updateMessage; write the bot's token, encrypted, in httpConfig.authorization.credentials, and neither webhookUrl nor appToken";

const webhook = inPlaceOf("webhookUrlFile", "webhookUrl");

export const discord = kind(
    "discord",
    "Discord",
    {
        webhookUrl,
        content: words("The text above the message."),
        title,
        message: words("The message."),
        username,
        avatarUrl: words("The picture of who writes, by its URL."),
        ...overHttp,
    },
    { places: webhook },
);

export const msteams = kind(
    "msteams",
    "Microsoft Teams, by connectors",
    { webhookUrl, title, summary: words("The summary."), text: words("The message."), ...overHttp },
    { places: webhook },
);

export const msteamsv2 = kind(
    "msteamsv2",
    "Microsoft Teams, by workflows",
    { webhookUrl, title, text: words("The message."), ...overHttp },
    { places: webhook },
);

/** What a post of Mattermost and an attachment of one both have. */
const attachment = {
    text: words("The message."),
    fallback: words("The text for those who see no attachments."),
    color,
    pretext: words("The text above the message."),
    authorName: words("The name of the author."),
    authorLink: words("Where that name leads."),
    authorIcon: words("The picture of the author, by its URL."),
    title,
    titleLink,
    fields,
    thumbUrl,
    footer: words("The text below the message."),
    footerIcon: words("The picture in the footer, by its URL."),
    imageUrl,
};

export const mattermost = kind(
    "mattermost",
    "Mattermost",
    {
        webhookUrl,
        channel,
        username,
        ...attachment,
        iconUrl,
        iconEmoji,
        attachments: several(object(attachment), '[{title: "Alert", text: "..."}]').describe("Attachments."),
        type: words("The type of the post, which begins with `custom_`."),
        props: object({ card: words("What the post's side bar shows.") })
            .optional()
            .describe("Properties of the post."),
        priority: object({
            priority: words("`standard`, `important` or `urgent`."),
            requestedAck: off("Ask for an acknowledgement."),
            persistentNotifications: off("Notify until somebody answers."),
        })
            .optional()
            .describe("How urgent the post is."),
        ...overHttp,
    },
    { places: webhook },
);

export const telegram = kind(
    "telegram",
    "Telegram",
    {
        botToken: secret.describe("The token of the bot."),
        chatId: z
            .int({ error: expected("a chat's id", "a whole number, such as -1001234567890") })
            .describe("The id of the chat."),
        messageThreadId: count.optional().describe("The id of the topic in the chat."),
        message: words("The message."),
        disableNotifications: off("Send without a sound."),
        parseMode: oneOf(["MarkdownV2", "Markdown", "HTML", ""])
            .optional()
            .meta({ description: "How the message is read.", derived: "`HTML`" }),
        apiUrl: apiUrl("https://api.telegram.org"),
        ...overHttp,
    },
    { places: { ...inPlaceOf("botTokenFile", "botToken"), chatIdFile: "the id itself in chatId" } },
);

export const rocketchat = kind(
    "rocketchat",
    "Rocket.Chat",
    {
        apiUrl: apiUrl("https://open.rocket.chat/"),
        tokenId: secret.describe("The id of the user who writes."),
        token: secret.describe("The token of that user."),
        channel,
        color,
        title,
        titleLink,
        text: words("The message."),
        fields,
        shortFields,
        emoji: words("The picture of who writes, as an emoji."),
        iconUrl,
        imageUrl,
        thumbUrl,
        linkNames,
        actions: several(
            object({
                type: words("`button`."),
                text: words("What stands on it."),
                url: words("Where it leads."),
                msg: words("The message that it sends."),
            }),
            '[{type: "button", text: "Runbook", url: "https://..."}]',
        ).describe("Buttons."),
        ...overHttp,
    },
    { places: { ...inPlaceOf("tokenFile", "token"), ...inPlaceOf("tokenIdFile", "tokenId") } },
);

export const webex = kind("webex", "Webex", {
    roomId: templated.describe("The id of the room."),
    message: words("The message."),
    apiUrl: apiUrl("https://webexapis.com/v1/messages"),
    ...overHttp,
}).refine(({ httpConfig }) => httpConfig?.authorization !== undefined, {
    error: "has no token; write the bot's, encrypted, in httpConfig.authorization.credentials",
});

export const wechat = kind(
    "wechat",
    "WeChat",
    {
        apiSecret: secret.describe("The secret of the application."),
        corpId: hiddenText(/\S/, "an id", "the id of the corporation").describe("The id of the corporation."),
        agentId: words("The id of the application."),
        toUser: words("The users who are told."),
        toParty: words("The departments that are told."),
        toTag: words("The tags of who is told."),
        message: words("The message."),
        messageType: oneOf(["text", "markdown"])
            .optional()
            .meta({ description: "How the message is read.", derived: "`text`" }),
        apiUrl: apiUrl("https://qyapi.weixin.qq.com/cgi-bin/"),
        ...overHttp,
    },
    { places: inPlaceOf("apiSecretFile", "apiSecret") },
);
