import { z } from "zod";
import { expectedStructure } from "../../../config/schema/problems";
import { object, oneOrMore, text, toggle } from "../../../config/schema/values";
import { labels } from "../../../config/schema/labels";
import * as chat from "./chat";
import { emailConfig } from "./mail";
import * as paging from "./paging";
import { webhook } from "./webhook";

/** The ways to tell somebody: each is Alertmanager's `<key>_configs`. */
const kinds = {
    email: oneOrMore(emailConfig).describe("Tell by e-mail."),
    slack: oneOrMore(chat.slack).describe("Tell in Slack."),
    pagerduty: oneOrMore(paging.pagerduty).describe("Tell PagerDuty."),
    webhook: oneOrMore(webhook).describe("Tell a program of yours."),
    discord: oneOrMore(chat.discord).describe("Tell in Discord."),
    incidentio: oneOrMore(paging.incidentio).describe("Tell incident.io."),
    jira: oneOrMore(paging.jira).describe("Make issues in Jira."),
    mattermost: oneOrMore(chat.mattermost).describe("Tell in Mattermost."),
    msteams: oneOrMore(chat.msteams).describe("Tell in Microsoft Teams, by connectors."),
    msteamsv2: oneOrMore(chat.msteamsv2).describe("Tell in Microsoft Teams, by workflows."),
    opsgenie: oneOrMore(paging.opsgenie).describe("Tell OpsGenie."),
    pushover: oneOrMore(paging.pushover).describe("Tell by Pushover."),
    rocketchat: oneOrMore(chat.rocketchat).describe("Tell in Rocket.Chat."),
    sns: oneOrMore(paging.sns).describe("Tell by Amazon SNS."),
    telegram: oneOrMore(chat.telegram).describe("Tell in Telegram."),
    victorops: oneOrMore(paging.victorops).describe("Tell VictorOps."),
    webex: oneOrMore(chat.webex).describe("Tell in Webex."),
    wechat: oneOrMore(chat.wechat).describe("Tell in WeChat."),
};

export type KindName = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as KindName[];

// The name begins those of secret files, which have at most 255 letters.
export const receiverName = text(
    /^(?!\/dev\/null$)[^\p{Cc}]{1,150}$/u,
    "a receiver's name of at most 150 letters",
    'one, such as "team"',
);

/** Where the lists of Alertmanager's own file are. */
const lists = Object.fromEntries(kindNames.map((kind) => [`${kind}Configs`, `${kind}: {...}, or a list of them`]));

/** Source: https://prometheus.io/docs/alerting/latest/configuration/#receiver */
export const receiverSchema = object(
    {
        name: receiverName.describe("What the receiver is called."),
        silent: toggle.optional().meta({ description: "Tell nobody, on purpose.", derived: "`false`" }),
        labels: labels.optional().describe("Labels of the receiver itself, for who lists receivers."),
        ...kinds,
    },
    { places: lists },
).meta({ id: "receiver" });

export const receiversSchema = z
    .array(receiverSchema, { error: expectedStructure("a list", "a list of receivers, each with a name") })
    .default([])
    .describe("Who is told. The first one hears of everything that no route sends elsewhere.");

export type Receiver = z.output<typeof receiverSchema>;
