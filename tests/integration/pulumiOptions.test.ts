import assert from "node:assert/strict";
import type { Spelling } from "../../commands/command";
import { helpOption, stackOption } from "../../commands/command";
import { pulumiOptions } from "../../commands/pulumi/options";
import { output } from "../../toolchain/process";

/** The options in what a command of the CLI says of itself, a line each: "  -m, --message string   Optional message". */
function optionsOf(command: string): Spelling[] {
    const lines = output("pulumi", [command, "--help"]).matchAll(/^ +(?:-(\w), )?--([\w-]+)(?: (.*?))?(?: {2}|$)/gm);
    return [...lines].map(([, letter, name = "", type = ""]) => ({
        name,
        ...(letter !== undefined && { letter }),
        // One of "string[=true]" takes a value only behind "=".
        ...(/^(string|int|file)[^[]*$/.test(type) && { value: type }),
    }));
}

describe("What the reader of arguments knows of Pulumi's options", () => {
    for (const command of ["up", "preview", "destroy", "refresh"]) {
        it(`is what pulumi ${command} --help says`, () => {
            const options = optionsOf(command);
            assert.ok(options.length > 20, `${options.length} options`);
            const known = [...pulumiOptions, stackOption, helpOption];
            for (const { name, letter, value } of options) {
                const found = known.find((option) => option.name === name);
                assert.equal(found?.value !== undefined, value !== undefined, `whether --${name} takes a value`);
                // Some commands have a letter that others lack.
                assert.ok(letter === undefined || found?.letter === letter, `the letter of --${name}`);
            }
        });
    }
});
