import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { readArguments } from "../../commands/arguments";
import { optionsOf } from "../../commands/command";
import { commandNames, commandOf } from "../../commands/commands";
import { helpOf, listOf } from "../../commands/help";
import { scripts } from "../../package.json";
import { project } from "../../toolchain/checkout";
import { commands as documented } from "../documentation";

const commands = commandNames.flatMap((name) => commandOf(name) ?? []);

/** The command and the arguments of "npm run status -- --json" and "npm test". @returns undefined of any other */
function typed(line: string): { readonly name: string; readonly args: string[] } | undefined {
    const [, name = "", rest = ""] = /^npm (?:run (?:--silent )?)?([\w:-]+)(?: -- (.*))?$/.exec(line) ?? [];
    const words = rest.match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
    return commandNames.includes(name) ? { name, args: words.map((word) => word.replaceAll(/["']/g, "")) } : undefined;
}

describe("The commands", () => {
    it("are what npm runs by these names", () => {
        assert.deepEqual(
            commands.map(({ name }) => name),
            commandNames,
        );
        const start = "node commands/run.js ";
        const own = Object.entries(scripts).filter(([, line]) => line.startsWith(start));
        assert.deepEqual(
            own.map(([name, line]) => [name, line.slice(start.length)]).sort(),
            [...commandNames.map((name) => [name, name]), ["help", "--help"]].sort(),
        );
    });

    it("are all listed, with the variables that they read", () => {
        const list = listOf(commands);
        for (const { name, summary } of commands) {
            assert.match(
                list,
                new RegExp(`^  npm run ${name}( -- (FILE|PATH))? +${summary.replaceAll(/[/.]/g, "\\$&")}$`, "m"),
            );
        }
        assert.match(list, /^ {2}TOOLCHAIN /m);
    });

    for (const command of commands) {
        it(`${command.name} has a help that names all that it takes`, () => {
            const help = helpOf(command);
            for (const { name, letter, value, meaning } of optionsOf(command)) {
                const option = `${letter === undefined ? "   " : `-${letter},`} --${name}${value ? ` ${value}` : ""}`;
                assert.match(help, new RegExp(`^  ${option} .*${meaning.slice(0, 20)}`, "m"));
            }
            assert.ok(command.operand === undefined || help.includes(`\n  ${command.operand.name} `));
            assert.ok(command.handsOn === undefined || help.includes(`go to ${command.handsOn.name}, see `));
            assert.ok(
                help.split("\n").every((line) => line.length <= 132 && line === line.trimEnd()),
                help,
            );
        });

        it(`${command.name} takes its own examples`, () => {
            for (const example of command.examples) {
                const { name, args } = typed(example) ?? assert.fail(example);
                assert.deepEqual([name, readArguments(command, args).mistakes], [command.name, []], example);
            }
        });
    }

    it("take what the documentation has people type", () => {
        const lines = documented().flatMap(({ page, text }) => {
            const found = typed(text);
            const command = found && commandOf(found.name);
            return command ? [{ where: `${page}: ${text}`, command, args: found.args }] : [];
        });
        assert.ok(lines.length > 30, `${lines.length} lines`);
        for (const { where, command, args } of lines) {
            assert.deepEqual(readArguments(command, args).mistakes, [], where);
        }
    });
});

describe("What npm runs", function () {
    this.timeout(30_000);

    const folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-commands-"));
    const run = (...args: string[]) => {
        const { status, stdout, stderr } = spawnSync(process.execPath, ["commands/run.js", ...args], {
            cwd: project,
            encoding: "utf8",
            env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
        });
        return { status, stdout, stderr };
    };

    before(() => {
        for (const program of ["docker", "pulumi"]) {
            writeFileSync(path.join(folder, program), `#!/bin/sh\n: > ${folder}/started-$$\n`, { mode: 0o755 });
        }
    });
    after(() => rmSync(folder, { recursive: true }));

    it("says what there is to run", () =>
        assert.deepEqual(run("--help"), { status: 0, stdout: listOf(commands), stderr: "" }));

    for (const name of ["up", "pulumi", "validate", "test:unit"]) {
        it(`says what ${name} takes, and starts nothing`, () => {
            const stdout = helpOf(commandOf(name) ?? assert.fail());
            assert.deepEqual(run(name, "--stack=nowhere", "--help"), { status: 0, stdout, stderr: "" });
            assert.deepEqual(
                readdirSync(folder).filter((file) => file.startsWith("started")),
                [],
            );
        });
    }

    it("refuses commands and arguments that it does not know", () => {
        assert.deepEqual(run("staus"), {
            status: 2,
            stdout: "",
            stderr: "staus is not a command; did you mean status?\n",
        });
        assert.deepEqual(run("schema", "--stagd"), {
            status: 1,
            stdout: "",
            stderr: "--stagd is not an option of schema; write one of --help\n",
        });
    });
});
