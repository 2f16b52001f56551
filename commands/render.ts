import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { project } from "../toolchain/checkout";
import { ToolError } from "../toolchain/process";
import { counted } from "../toolchain/words";
import type { Command, Given } from "./command";
import { stackOption } from "./command";
import { hasStackFile, stackFileName } from "./stackFileCopy";
import { inFolder } from "./validate/files";
import { checkStack, refuse, told, unchecked } from "./validate/stack";

export const command: Command = {
    name: "render",
    summary: "write every file that would be delivered into a folder, without Docker and without secrets",
    about: "For a review, for other linters, and to compare. Where a file needs a secret, it names the file that holds it.",
    options: [stackOption, { name: "out", value: "FOLDER", meaning: "a new or empty folder", default: "rendered" }],
    fleet: { perStack: "out" },
    examples: ["npm run render", "npm run render -- --stack prod --out /tmp/prod"],
    run: render,
};

/** @throws ToolError with all mistakes of the stack file, or where the folder holds something */
async function render({ stack: { name: stack }, options }: Given): Promise<number> {
    const folder = path.resolve(project, options.get("out") ?? "rendered");
    if (!hasStackFile(stack)) {
        throw new ToolError(`The stack ${stack} has no ${stackFileName(stack)}; name one that has with --stack.`);
    }
    if (existsSync(folder) && readdirSync(folder).length > 0) {
        throw new ToolError(`${folder} is not empty; name another folder with --out, or remove it.`);
    }
    const checked = checkStack(stackFileName(stack), inFolder);
    refuse(checked.mistakes.map((mistake) => told(checked, mistake)));
    if (checked.plan === undefined) {
        throw new ToolError(`${checked.file}: ${unchecked(checked.unreadable)}`);
    }
    for (const { part, files } of checked.plan.parts) {
        for (const [file, text] of Object.entries(files)) {
            const place = path.join(folder, part.role, file);
            mkdirSync(path.dirname(place), { recursive: true });
            writeFileSync(place, text);
        }
        if (Object.keys(files).length > 0) {
            const count = counted(Object.keys(files).length, "file");
            process.stdout.write(`${path.join(folder, part.role)}: ${count}\n`);
        }
    }
    return 0;
}
