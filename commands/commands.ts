/* eslint-disable @typescript-eslint/no-require-imports -- loaded when it is run, and at once */
import type { Command } from "./command";

/** Each is loaded when it is run: stack files are validated in less time than it takes to load all the others. */
const modules: Readonly<Record<string, () => { readonly command: Command }>> = {
    up: () => require("./up"),
    preview: () => require("./preview"),
    status: () => require("./status"),
    down: () => require("./down"),
    rollback: () => require("./rollback"),
    "alert-test": () => require("./alertTest"),
    backup: () => require("./backup"),
    restore: () => require("./restore"),
    pulumi: () => require("./pulumi"),
    validate: () => require("./validate"),
    render: () => require("./render"),
    import: () => require("./import"),
    schema: () => require("./schema"),
    "lint:workflows": () => require("./lintWorkflows"),
    test: () => require("./test"),
    "test:unit": () => require("./test/unit"),
    bench: () => require("./bench"),
};

/** The names of all commands, in the order in which they are listed. */
export const commandNames: readonly string[] = Object.keys(modules);

/** @returns undefined if there is no such command */
export const commandOf = (name: string): Command | undefined =>
    Object.hasOwn(modules, name) ? modules[name]?.().command : undefined;
