import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { folder } from "../../toolchain/state";
import { say } from "../../toolchain/progress";
import { coloured, painted, plain, rows } from "../../toolchain/table";
import { counted } from "../../toolchain/words";
import type { Command, Fleet, Given, Selection, StackName } from "../command";
import { pulumiEnvironment } from "../environment";
import { atATime } from "./atATime";
import { runAlone } from "./alone";
import { selected } from "./stacks";

/** How a command ended for a stack. */
interface Result {
    readonly stack: string;
    readonly exitCode: number;
    readonly seconds: number;
    /** Why it failed, or what it has to say. */
    readonly said: string;
    /** What it printed for programs. `null` where that was not asked, or is none. */
    readonly output: unknown;
}

/**
 * Runs a command for several stacks, each in a process of its own: what is wrong with one, or with its host, is in no other's way.
 * @returns the exit status of the stack that it went worst for
 */
export async function runFleet(command: Command, given: Given, selection: Selection): Promise<number> {
    const { fleet = {} } = command;
    const stacks = selected(selection);
    const logs = path.join(folder, "fleet", command.name);
    mkdirSync(logs, { recursive: true, mode: 0o700 });
    if (fleet.needsPulumi) {
        // What all need is provided once, before they would do it side by side.
        await pulumiEnvironment(stacks[0]?.fullName ?? "");
    }
    say(`${command.name} of ${counted(stacks.length, "stack")}, ${selection.concurrency} at a time ...`);
    let done = 0;
    const results = await atATime(selection.concurrency, stacks, async (stack) => {
        const result = await one(command, selection, stack, logs);
        done++;
        const outcome = outcomeOf(fleet, result.exitCode);
        say(
            `  ${done}/${stacks.length} ${stack.name}: ${outcome} after ${result.seconds} s${result.said && `: ${result.said}`}`,
        );
        return result;
    });
    const exitCode = worst(fleet, results);
    if (given.options.has("json")) {
        process.stdout.write(`${JSON.stringify({ exitCode, stacks: results }, undefined, 4)}\n`);
    } else {
        process.stdout.write(`\n${table(fleet, results)}\n\n`);
        say(`What each of them said: ${path.relative(process.cwd(), logs)}/<stack>.log`);
    }
    return exitCode;
}

async function one(command: Command, selection: Selection, stack: StackName, logs: string): Promise<Result> {
    const { fleet = {} } = command;
    const began = Date.now();
    const args = [...selection.args.map((each) => each.replaceAll("{stack}", stack.name)), ...(fleet.args ?? [])];
    const { status, stdout, stderr } = await runAlone(command.name, stack.fullName, args);
    writeFileSync(path.join(logs, `${stack.name}.log`), stdout + stderr, { mode: 0o600 });
    const output = json(stdout);
    const isDone = outcomes(fleet).some(([known]) => known === status);
    return {
        stack: stack.name,
        exitCode: status,
        seconds: Math.round((Date.now() - began) / 1000),
        said: isDone ? (fleet.said?.(stdout + stderr, output) ?? "") : reason(`${stdout}\n${stderr}`),
        output: output ?? null,
    };
}

/** The words for an exit status, the better ones first. */
const outcomes = ({ outcomes = [[0, "done"]] }: Fleet) => outcomes;

const outcomeOf = (fleet: Fleet, status: number) =>
    outcomes(fleet).find(([known]) => known === status)?.[1] ?? `failed (${status})`;

/** The exit status of the one that it went worst for. What nobody knows is worse than anything that is known. */
export function worst(fleet: Fleet, results: readonly Pick<Result, "exitCode">[]): number {
    const known = outcomes(fleet).map(([status]) => status);
    const rank = ({ exitCode }: Pick<Result, "exitCode">) =>
        known.includes(exitCode) ? known.indexOf(exitCode) : known.length + exitCode;
    return results.reduce((most, each) => (rank(each) > rank(most) ? each : most)).exitCode;
}

function table(fleet: Fleet, results: readonly Result[]): string {
    const paint = process.stdout.isTTY && !process.env.NO_COLOR ? coloured : plain;
    const { head = [], cells = () => [] } = fleet.columns ?? {};
    const lines = results.map(({ stack, exitCode, seconds, said, output }) => [
        ...[stack, outcomeOf(fleet, exitCode), `${seconds} s`],
        ...(head.length > 0 && output !== null ? cells(output) : head.map(() => "")),
        said,
    ]);
    const all = rows([["STACK", "RESULT", "TIME", ...head, ""], ...lines]);
    return painted(
        all,
        results.map(({ exitCode }) => exitCode === 0),
        paint,
    ).join("\n");
}

function json(text: string): unknown {
    try {
        return JSON.parse(text.slice(text.indexOf("{")));
    } catch {
        return undefined;
    }
}

/** Why a command failed, as far as one line can say it: of a line that ends in a colon the next one is what it says. */
export function reason(text: string): string {
    const lines = text
        .split("\n")
        .map((line) => line.trim())
        .filter(Boolean);
    const isError = (line: string) => /^error: ./.test(line) && !/^error: (preview|update) failed$/i.test(line);
    const found = lines.findIndex(isError);
    const [error = "", next = ""] = lines.slice(found);
    const words = error.replace(/^error: (Error: )?/, "");
    const line = words.endsWith(":") ? `${words} ${next}` : words;
    return line.length > 200 ? `${line.slice(0, 197)}...` : line;
}
