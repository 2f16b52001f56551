import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { PlannedStack } from "../../components/planned";
import type { Files } from "../../config/render/files";
import { project } from "../../toolchain/checkout";
import { hasImage } from "../../toolchain/images/provide";
import { ToolError } from "../../toolchain/process";
import type { Command, Given } from "../command";
import { stackOption } from "../command";
import { hasStackFile, stackFileName } from "../stackFileCopy";
import { inFolder } from "../validate/files";
import { askPromtool } from "../validate/promtool";
import type { Stack } from "../validate/stack";
import { checkStack, refuse, told, unchecked } from "../validate/stack";
import { filesAt } from "./atHand";
import type { Conversion } from "./conversion";
import { convert } from "./conversion";
import { importedStack } from "./imported";
import type { Note } from "./notes";
import { prove } from "./proof";
import { lostIn, toldDifferences, toldNotes, toStore } from "./report";

export const command: Command = {
    name: "import",
    summary: "make a stack file of a prometheus.yml and of what it names, and prove it",
    about: "It writes new files only, and no secret: docs/migrating.md.",
    operand: {
        name: "PATH",
        meaning: "a compose file, a prometheus.yml, an alertmanager.yml, a rule file, or a folder with them",
        several: true,
    },
    options: [stackOption, { name: "check", meaning: "write nothing, and compare with the stack file that there is" }],
    examples: [
        "npm run import -- --stack prod ../monitoring/prometheus.yml",
        "npm run import -- --stack prod ../monitoring",
        "npm run import -- --stack prod --check ../monitoring",
    ],
    run,
};

/** @throws ToolError where something cannot move: then nothing is written */
async function run({ stack: { name: stack }, options, operands }: Given): Promise<number> {
    const [file, isCheck] = [stackFileName(stack), options.has("check")];
    if (hasStackFile(stack) !== isCheck) {
        throw new ToolError(
            isCheck
                ? `The stack ${stack} has no ${file}; import it first, without --check.`
                : `${file} is there already, and is never overwritten; name another stack with --stack, or compare with --check.`,
        );
    }
    const conversion = convert(filesAt(operands), stack);
    if (isCheck) {
        return compare(conversion, planOf(file), file);
    }
    const { text, secrets, checked, refused } = importedStack(conversion, stack);
    const notes = [...conversion.notes, ...refused];
    say(toldNotes(notes));
    stopWhereLost(notes);
    await askPromtoolOf(checked);
    writeNew({ ...conversion.files, [file]: text });
    const status = checked.plan ? compare(conversion, checked.plan, file) : 0;
    say(["", ...toStore(secrets, stack), `Now: npm run preview -- --stack ${stack}`]);
    return status;
}

/**
 * Has the tools of the pinned versions read what would be delivered, where they are at hand.
 * @throws ToolError with what they refuse
 */
async function askPromtoolOf(checked: Stack): Promise<void> {
    const images = (checked.plan?.parts ?? []).flatMap(({ part, image }) => (part.configuration?.tool ? [image] : []));
    if (checked.plan === undefined || !images.every(hasImage)) {
        say(["", "promtool is not at hand here: npm run preview asks it."]);
        return;
    }
    const mistakes = await askPromtool(checked, checked.plan);
    refuse(mistakes.map((mistake) => told(checked, mistake)));
    say(["", "promtool accepts it."]);
}

const say = (lines: readonly string[]) => process.stdout.write(`${lines.join("\n")}\n`);

function stopWhereLost(notes: readonly Note[]): void {
    const lost = lostIn(notes);
    if (lost.length > 0) {
        const count = lost.length === 1 ? "One thing does" : `${lost.length} things do`;
        throw new ToolError(`${count} not move, and nothing was written:\n${lost.join("\n")}`);
    }
}

/** @throws ToolError before anything is written, where one of them is there and says something else */
function writeNew(files: Files): void {
    const places = Object.entries(files).map(([file, text]) => ({ file, text, place: path.join(project, file) }));
    const missing = places.filter(({ place, text, file }) => {
        const isThere = existsSync(place);
        if (isThere && readFileSync(place, "utf8") !== text) {
            throw new ToolError(
                `${file} is there already, and is never overwritten; rename it, or import into another stack.`,
            );
        }
        return !isThere;
    });
    for (const { place, text, file } of missing) {
        mkdirSync(path.dirname(place), { recursive: true });
        writeFileSync(place, text, { flag: "wx" });
        say([`${file} is written.`]);
    }
}

function planOf(file: string): PlannedStack {
    const stack = checkStack(file, inFolder);
    refuse(stack.mistakes.map((mistake) => told(stack, mistake)));
    if (stack.plan === undefined) {
        throw new ToolError(`${file}: ${unchecked(stack.unreadable)}`);
    }
    return stack.plan;
}

/** @returns 1 where something is another one and nobody knows why */
function compare(conversion: Conversion, plan: PlannedStack, file: string): number {
    const found = prove(conversion, plan);
    say(["", ...toldDifferences(found, file)]);
    return found.some(({ reason }) => reason === undefined) ? 1 : 0;
}
