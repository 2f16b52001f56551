import { setTimeout as sleep } from "node:timers/promises";
import { dockerName } from "../../components/dockerName";
import { ToolError } from "../../toolchain/process";
import { say } from "../../toolchain/progress";
import { span } from "../../toolchain/words";
import type { Command, Given } from "../command";
import { stackOption } from "../command";
import { chooseEngine } from "../environment";
import { stackFileCopy } from "../stackFileCopy";
import type { Standing } from "./asked";
import { configurationOf, post, reachedBy, standing } from "./asked";
import { isOver } from "./outcome";
import type { Labels, Receiver, Way } from "./routing";
import { readConfiguration, receiversOf, waysTo } from "./routing";

export const command: Command = {
    name: "alert-test",
    summary: "send a test alert to a receiver, and its end, and say what became of both",
    about: "It goes the way of all alerts: through the routes of the Alertmanager that runs, with the labels that they ask for.",
    operand: {
        name: "LABEL=VALUE",
        meaning: "what the alert says beside that, or instead",
        default: "what leads to the receiver",
        several: true,
    },
    options: [
        { name: "receiver", value: "NAME", meaning: "who is to be told", default: "the first of the receivers" },
        stackOption,
    ],
    examples: [
        "npm run alert-test",
        "npm run alert-test -- --receiver pager --stack prod",
        "npm run alert-test -- --receiver pager job=shop severity=critical",
    ],
    run: alertTest,
};

/**
 * Sends an alert and its end the way of all alerts.
 * @returns 0; who could not be told is an error
 */
async function alertTest({ stack: { name: stack }, options, operands }: Given): Promise<number> {
    const given = labelsIn(operands);
    chooseEngine(stackFileCopy(stack));
    const container = dockerName(stack, "alertmanager");
    const configuration = readConfiguration(configurationOf(container));
    const all = receiversOf(configuration);
    const receiver = theOne(all, options.get("receiver") ?? configuration.route.receiver ?? "");
    const test = new Date().toISOString();
    const { way, reached } = await wayTo(container, receiver.name, waysTo(receiver.name, configuration, given));
    const labels = { ...way.labels, test };
    say(`${written(labels)} reaches ${reached}.`);
    const sending = { container, receiver, labels, groupInterval: way.groupInterval };
    await sent(sending, "firing");
    say(`${receiver.name} has taken the alert (${countedEntries(receiver.entries)}).`);
    if (Object.keys(receiver.resolving).length === 0) {
        await end(sending);
        say(`${receiver.name} is told of no ends: sendResolved is false.`);
        return 0;
    }
    say(`It is over; Alertmanager tells so after the groupInterval, within ${span(way.groupInterval)}.`);
    await sent(sending, "resolved");
    say(`${receiver.name} has taken its end (${countedEntries(receiver.resolving)}).`);
    return 0;
}

/** @throws ToolError for what is no label */
function labelsIn(operands: readonly string[]): Labels {
    return Object.fromEntries(
        operands.map((operand) => {
            const [, name, value] = /^([a-zA-Z_]\w*)=(.*)$/s.exec(operand) ?? [];
            if (name === undefined) {
                throw new ToolError(
                    `${JSON.stringify(operand)} is no label; write NAME=VALUE, such as severity=critical.`,
                );
            }
            return [name, value ?? ""];
        }),
    );
}

/** @throws ToolError where nobody is called so, or nobody is told */
function theOne(all: readonly Receiver[], name: string): Receiver {
    const telling = all.filter(({ entries }) => Object.keys(entries).length > 0).map((each) => each.name);
    const found = all.find((each) => each.name === name);
    if (!found || !telling.includes(name)) {
        const mistake = found ? "tells nobody" : "is no receiver of the Alertmanager that runs";
        const others = telling.length > 0 ? `write one of ${telling.join(", ")}` : "there is none that tells anybody";
        throw new ToolError(`--receiver is ${JSON.stringify(name)}, which ${mistake}; ${others}.`);
    }
    return found;
}

/** @throws ToolError where no alert that can be thought of gets there */
async function wayTo(container: string, name: string, ways: readonly Way[]): Promise<{ way: Way; reached: string }> {
    for (const way of ways) {
        const reached = await reachedBy(container, way.labels);
        if (`,${reached},`.includes(`,${name},`)) {
            return { way, reached: reached.replaceAll(",", ", ") };
        }
    }
    const tried =
        ways.length > 0
            ? `: tried ${ways
                  .map(({ labels }) => written(labels))
                  .slice(0, 3)
                  .join(", ")}`
            : "";
    throw new ToolError(
        `No alert was found that the routes send to ${name}${tried}. Where one is, name its labels: npm run alert-test -- --receiver ${JSON.stringify(name)} job=shop severity=critical`,
    );
}

/** A test on its way. */
interface Sending {
    readonly container: string;
    readonly receiver: Receiver;
    readonly labels: Labels & { readonly test: string };
    /** In milliseconds. */
    readonly groupInterval: number;
}

/** How long Alertmanager may take for what it does at once, in milliseconds. */
const patience = 20_000;

/** Has the receiver told that the alert fires, or that it is over. @throws ToolError where it was not */
async function sent(sending: Sending, status: "firing" | "resolved"): Promise<void> {
    const { container, receiver, labels, groupInterval } = sending;
    const wanted = status === "firing" ? receiver.entries : receiver.resolving;
    const before = await standing(container, receiver.name, labels.test);
    await (status === "firing" ? begin(sending, before.time) : end(sending));
    let now: Standing = before;
    for (const deadline = Date.now() + groupInterval + patience; Date.now() < deadline; await sleep(1000)) {
        now = await standing(container, receiver.name, labels.test, before.time);
        if (now.suppressed.length > 0 || isOver(wanted, before.requests, now.requests, now.failures)) {
            break;
        }
    }
    const reasons =
        now.suppressed.length > 0
            ? [`${now.suppressed.join(" and ")} keeps it back`]
            : now.failures.map(({ entry, reason }) => `${entry}: ${reason}`);
    const isTold = isOver(wanted, before.requests, now.requests, []);
    if (reasons.length > 0 || !isTold) {
        await end(sending);
        const reason = reasons.join("; ") || "Alertmanager has asked nobody yet";
        throw new ToolError(`${receiver.name} was not told that the alert is ${status}: ${reason}`);
    }
}

/** Older than any groupWait, so that nobody waits for it; it ends by itself where this program does not come to that. */
const begin = ({ container, labels, groupInterval }: Sending, now: number) =>
    post(container, {
        labels,
        annotations,
        startsAt: now - 86_400,
        endsAt: now + (groupInterval + 2 * patience) / 1000,
    });

/** It ends now, by Alertmanager's clock. */
async function end({ container, receiver, labels }: Sending): Promise<void> {
    const { time } = await standing(container, receiver.name, labels.test);
    post(container, { labels, annotations, startsAt: time - 86_400, endsAt: time });
}

const annotations = {
    summary: "A test: nothing is wrong",
    description: "Somebody sent it by npm run alert-test, to see that it arrives.",
};

const written = (labels: Labels) =>
    `{${Object.entries(labels)
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
        .join(", ")}}`;

const countedEntries = (entries: Receiver["entries"]) =>
    Object.entries(entries)
        .map(([kind, count]) => (count === 1 ? kind : `${count} of ${kind}`))
        .join(", ");
