import { find, ToolError } from "./process";

/** A command as root: as it is for root, else through sudo. @throws ToolError where neither is possible. */
export function asRoot(program: string, args: readonly string[]): [program: string, args: string[]] {
    if (process.getuid?.() === 0) {
        return [program, [...args]];
    }
    if (find("sudo")) {
        return ["sudo", [program, ...args]];
    }
    throw new ToolError(`${program} needs root: run this as root, or install sudo.`);
}
