import { failure } from "../../toolchain/endpoint";
import { dockerName } from "../../components/dockerName";
import type { Part } from "../../components/part";
import { parts } from "../../components/parts";
import type { Answers } from "../../components/probe";
import { leftOut, nameOf } from "../../config/schema/part";
import { coloured, plain } from "../../toolchain/table";
import type { Command, Given, StackName } from "../command";
import { stackOption } from "../command";
import { chooseEngine } from "../environment";
import { missingParts } from "../images";
import { toolchainMode } from "../../toolchain/mode";
import { find, ToolError } from "../../toolchain/process";
import { say } from "../../toolchain/progress";
import { stackFileCopy } from "../stackFileCopy";
import { askContainer, memoryUsage } from "./ask";
import { containers, isWell, lastLines } from "./containers";
import { compare } from "./differences";
import type { Container, Facts } from "./facts";
import { overview, verdict } from "./screen";
import { summary } from "./summary";
import { judged } from "./verdict";

export const command: Command = {
    name: "status",
    summary: "say how everything is that runs, and what differs from the declaration",
    about: "Its exit status, and the layout of --json: docs/status.md.",
    options: [
        { name: "json", meaning: "one JSON document on stdout, for programs" },
        { name: "no-drift", meaning: "do not compare what runs with the declaration, which takes seconds" },
        stackOption,
    ],
    fleet: summary,
    examples: [
        "npm run status",
        "npm run status -- --no-drift",
        "npm run --silent status -- --json --stack prod",
        "npm run status -- --all",
    ],
    run: status,
};

/**
 * Says on one screen, or as JSON, what runs and how it is, and what the next up would change. Changes nothing, asks nothing,
 * and needs only the Docker endpoint.
 * @returns the exit code, see Status
 */
async function status({ stack, options }: Given): Promise<number> {
    const asJson = options.has("json");
    const stackFile = stackFileCopy(stack.name);
    chooseEngine(stackFile);
    const paint = process.stdout.isTTY && !process.env.NO_COLOR ? coloured : plain;
    const print = (text: string) => process.stdout.write(`${text}\n`);

    const found = await look(stack.name);
    if (!asJson) {
        print(overview(judged(found), paint));
    }
    const facts =
        options.has("no-drift") || found.containers.length === 0
            ? found
            : await withDifferences(found, stack, stackFile);
    const result = judged(facts);
    print(asJson ? JSON.stringify(result, undefined, 4) : `\n${verdict(result, paint)}`);
    return result.exitCode;
}

/** Adds what the next up would change. */
async function withDifferences(facts: Facts, stack: StackName, stackFile: string): Promise<Facts> {
    say("Comparing the declaration with what runs ...");
    const missing = missingParts(facts.stack, stackFile, toolchainMode());
    const notes = missing.map(({ part, reason }) => `${part.title} is left out: ${reason}`);
    const without = Object.fromEntries(missing.map(({ part, reason }) => [leftOut(part), reason]));
    try {
        const { differences, unknown } = await compare(stack.fullName, without);
        return { ...facts, differences, unknown, notes };
    } catch (error) {
        if (!(error instanceof ToolError)) {
            throw error;
        }
        return { ...facts, unknown: [`What the next up would change: ${error.message}`], notes };
    }
}

/** What the Docker host says. */
export async function look(stack: string): Promise<Facts> {
    const nothing: Facts = {
        stack,
        dockerHost: process.env.DOCKER_HOST || "unix:///var/run/docker.sock",
        time: new Date().toISOString(),
        unknown: [],
        notes: [],
        containers: [],
        ...Object.fromEntries(probed.map((part) => [nameOf(part), null])),
        differences: null,
    };
    if (!find("docker")) {
        return { ...nothing, unknown: ["Docker's command line is not on the PATH."] };
    }
    try {
        const known = await containers(stack);
        return known.length === 0
            ? { ...nothing, unknown: [`No container of the stack ${stack} is there: npm run up deploys it.`] }
            : { ...nothing, ...(await asked(stack, known, Date.parse(nothing.time))) };
    } catch (error) {
        if (!(error instanceof ToolError)) {
            throw error;
        }
        return { ...nothing, unknown: [(await failure())?.message ?? error.message] };
    }
}

async function asked(stack: string, known: readonly Container[], now: number): Promise<Partial<Facts>> {
    const partOf = ({ name }: Container) => parts.find(({ role }) => name === dockerName(stack, role));
    const answers = Object.fromEntries(
        await Promise.all(
            known.map(async (container): Promise<[string, Answers | undefined]> => {
                const probe = partOf(container)?.probe ?? { script: "" };
                const runs = container.status === "running";
                return [container.name, runs ? await askContainer(container.name, probe) : undefined];
            }),
        ),
    );
    const ofPart = ({ role }: Part) => answers[dockerName(stack, role)];
    const [silenceOf = () => null] = parts.flatMap((part) => part.probe?.silences?.(ofPart(part) ?? {}) ?? []);
    const read = (part: Part) => {
        const said = ofPart(part);
        return (said && part.probe?.read(said, now, silenceOf)) ?? null;
    };
    const facts = Object.fromEntries(probed.map((part) => [nameOf(part), read(part)]));
    const silent = (container: Container) => {
        const part = partOf(container);
        return part && facts[nameOf(part)];
    };
    return {
        containers: await Promise.all(
            known.map(async (container) => {
                const reason = silent(container);
                const said = typeof reason === "string" ? [`It does not answer: ${reason}`] : [];
                const log = isWell(container) && said.length === 0 ? [] : await lastLines(container.name);
                return {
                    ...container,
                    memoryUsage: memoryUsage(answers[container.name] ?? {}),
                    lastWords: [...container.lastWords, ...said, ...log],
                };
            }),
        ),
        ...Object.fromEntries(
            Object.entries(facts).map(([key, said]) => [key, typeof said === "string" ? null : said]),
        ),
    };
}

/** The parts that are asked. */
const probed = parts.filter(({ probe }) => probe !== undefined);
