import type { Spelling } from "../command";

const letters: Readonly<Record<string, string>> = {
    config: "c",
    cwd: "C",
    debug: "d",
    emoji: "e",
    exclude: "x",
    "fully-qualify-stack-names": "Q",
    json: "j",
    message: "m",
    parallel: "p",
    refresh: "r",
    "skip-preview": "f",
    target: "t",
    verbose: "v",
    yes: "y",
};

const withValue = [
    ...["color", "config", "config-file", "cwd", "event-log", "exclude", "import-file", "import-pending-creates"],
    ...["memprofilerate", "message", "otel-traces", "parallel", "plan", "policy-pack", "policy-pack-config"],
    ...["profiling", "replace", "save-plan", "secrets-provider", "target", "target-replace", "tracing"],
    ...["tracing-header", "verbose"],
];

/**
 * The options of Pulumi's commands that run the program, as far as a reader of command lines has to know them beside those of
 * commands here: all that take a value, and all letters. A test compares them with the CLI's own help.
 */
export const pulumiOptions: readonly Spelling[] = [...new Set([...withValue, ...Object.keys(letters)])].map((name) => ({
    name,
    ...(letters[name] !== undefined && { letter: letters[name] }),
    ...(withValue.includes(name) && { value: "VALUE" }),
}));
