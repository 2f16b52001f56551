import { parseArgs } from "node:util";
import { ToolError } from "../toolchain/process";

/** What a command was given, beside the stack. */
export interface Arguments {
    readonly flags: ReadonlySet<string>;
    readonly values: Readonly<Record<string, string>>;
    readonly positionals: readonly string[];
}

/**
 * Reads the arguments of a command that takes no others.
 * @param known e.g. { flags: ["list"], values: ["program"], positionals: 1 }
 * @throws ToolError that names those it does not take
 */
export function readArguments(
    command: string,
    args: readonly string[],
    known: { readonly flags: readonly string[]; readonly values?: readonly string[]; readonly positionals?: number },
): Arguments {
    const [flags, texts] = [known.flags, ["stack", ...(known.values ?? [])]];
    const options = Object.fromEntries([
        ...flags.map((name) => [name, { type: "boolean" }] as const),
        ...texts.map((name) => [name, { type: "string", ...(name === "stack" && { short: "s" }) }] as const),
    ]);
    const { values, positionals } = parseArgs({ args: [...args], options, strict: false });
    const strange = [
        ...Object.entries(values)
            .filter(([name, value]) => typeof value !== (texts.includes(name) ? "string" : "boolean") || !options[name])
            .map(([name]) => `--${name}`),
        ...positionals.slice(known.positionals ?? 0),
    ];
    if (strange.length > 0) {
        const words = [...flags.map((name) => `--${name}`), ...texts.map((name) => `--${name} <name>`)];
        throw new ToolError(`${command} cannot use ${strange.join(", ")}; write ${words.join(", ")}.`);
    }
    const entries = Object.entries(values);
    return {
        flags: new Set(entries.filter(([, value]) => value === true).map(([name]) => name)),
        values: Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string")),
        positionals,
    };
}
