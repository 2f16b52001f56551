import assert from "node:assert/strict";
import { readArguments } from "../../commands/arguments";
import type { Command } from "../../commands/command";
import { commandNames, commandOf } from "../../commands/commands";

const read = (name: string, args: readonly string[], environment = {}) =>
    readArguments(commandOf(name) as Command, args, environment);
const mistakes = (name: string, ...args: string[]) => read(name, args).mistakes;

const commands = commandNames.flatMap((name) => commandOf(name) ?? []);
const withStack = commands.filter(({ options }) => options.some(({ name }) => name === "stack"));

describe("The arguments of a command", () => {
    const spellings = [["-s=prod"], ["-sprod"], ["--stack=prod"], ["--stack", "prod"], ["-s", "prod"]];

    for (const { name, operand } of withStack) {
        it(`of ${name} name its stack in every spelling, wherever it stands`, () => {
            const needed = operand && operand.default === undefined ? ["a.gz"] : [];
            for (const spelling of spellings) {
                for (const args of [
                    [...spelling, ...needed],
                    [...needed, ...spelling],
                    ["--stack=other", ...needed, ...spelling],
                ]) {
                    const { given, mistakes } = read(name, args, { PULUMI_STACK: "third" });
                    const stack = { name: "prod", fullName: "prod" };
                    assert.deepEqual([given.stack, given.operands, mistakes], [stack, needed, []], args.join(" "));
                    assert.deepEqual(given.args, args);
                }
            }
        });
    }

    it("are those of all commands that have to do with a stack", () =>
        assert.deepEqual(
            withStack.map(({ name }) => name),
            [
                "up",
                "preview",
                "status",
                "down",
                "rollback",
                "alert-test",
                "backup",
                "restore",
                "pulumi",
                "render",
                "import",
            ],
        ));

    it("name the stack in full, as another backend may need it", () => {
        for (const spelling of ["-s=", "-s", "--stack="]) {
            const { stack } = read("up", [`${spelling}organization/metrics-stack/prod`]).given;
            assert.deepEqual(stack, { name: "prod", fullName: "organization/metrics-stack/prod" });
        }
    });

    it("give way to nothing: the environment names the stack where they do not, else it is dev", () => {
        const stack = (environment: object) => read("up", ["--diff"], environment).given.stack;
        assert.deepEqual(stack({ PULUMI_STACK: "acme/prod" }), { name: "prod", fullName: "acme/prod" });
        assert.deepEqual(stack({ PULUMI_STACK: "" }), { name: "dev", fullName: "dev" });
        assert.deepEqual(stack({}), { name: "dev", fullName: "dev" });
    });

    it("are read as Pulumi reads its own, which it is handed", () => {
        const stacks: readonly (readonly [args: string[], stack: string])[] = [
            // Letters stand together, up to the first that takes a value.
            [["-ys", "prod"], "prod"],
            [["-fys=prod"], "prod"],
            [["-myes", "-sprod"], "prod"],
            // What follows an option that takes a value is its value.
            [["--message", "-s=prod"], "dev"],
            [["-m", "--stack=prod"], "dev"],
            [["--target", "--", "-s", "prod"], "prod"],
            // One that may take a value takes it behind "=" only.
            [["--refresh", "-s=prod"], "prod"],
            [["-r=true", "-s=prod"], "prod"],
            [["--", "--stack", "prod"], "dev"],
            [["--unheard-of", "-s", "prod", "-U"], "prod"],
        ];
        for (const [args, stack] of stacks) {
            for (const name of ["up", "preview", "down", "pulumi"]) {
                const { given, mistakes } = read(name, args);
                assert.deepEqual([given.stack.name, given.args, mistakes], [stack, args, []], args.join(" "));
            }
        }
        const { options, operands } = read("pulumi", ["--cwd", "up", "refresh", "--config-file=a", "-r"]).given;
        assert.deepEqual(operands, ["refresh"]);
        assert.deepEqual([options.get("config-file"), options.has("refresh"), options.has("yes")], ["a", true, false]);
    });

    it("are an operand and options, wherever they stand", () => {
        const { options, operands } = read("restore", ["--replace", "a.gz", "--check"]).given;
        assert.deepEqual([[...options.keys()], operands], [["replace", "check"], ["a.gz"]]);
        const rollback = read("rollback", ["--program=grafana", "865a2f1fc29b", "--program", "alertmanager"]).given;
        assert.deepEqual([rollback.options.get("program"), rollback.operands], ["alertmanager", ["865a2f1fc29b"]]);
        assert.deepEqual(read("restore", ["--", "--replace"]).given.operands, ["--replace"]);
        assert.deepEqual(read("validate", ["a.yaml", "b.yaml"]).mistakes, []);
    });

    it("are refused with what to write instead, all at once", () => {
        assert.deepEqual(mistakes("restore"), ["no file is named; write npm run restore -- metrics.tar.gz"]);
        assert.deepEqual(mistakes("restore", "--replce", "--x", "a.gz", "b.gz"), [
            "--replce is not an option of restore; did you mean --replace?",
            "--x is not an option of restore; write one of --replace, --check, --stack NAME, --help",
            "one file is wanted, not a.gz b.gz",
        ]);
        assert.deepEqual(mistakes("backup", "-xs", "prod", "a.gz"), [
            "-x is not an option of backup; write one of --stack NAME, --all, --concurrency N, --json, --help",
            "one file is wanted, not prod a.gz",
        ]);
        assert.deepEqual(mistakes("status", "--jsno"), ["--jsno is not an option of status; did you mean --json?"]);
        assert.deepEqual(mistakes("status", "prod"), ["status takes only options, not prod"]);
        assert.deepEqual(mistakes("schema", "-s", "prod"), [
            "-s is not an option of schema; write one of --help",
            "schema takes only options, not prod",
        ]);
    });

    it("have a value where one is needed, and else none", () => {
        for (const args of [["--stack"], ["--stack="], ["-s"]]) {
            const [typed = ""] = args.map((argument) => argument.replace("=", ""));
            assert.deepEqual(mistakes("status", ...args), [`${typed} needs a value`]);
            assert.deepEqual(mistakes("up", ...args), [`${typed} needs a value`]);
        }
        assert.deepEqual(mistakes("rollback", "--list=no"), ["--list takes no value"]);
    });

    it("ask for help anywhere among them", () => {
        for (const { name } of commands) {
            for (const args of [["--help"], ["-h"], ["something", "--unheard-of", "-h"]]) {
                assert.ok(read(name, args).given.options.has("help"), `${name} ${args.join(" ")}`);
            }
        }
        assert.ok(!read("up", ["--message", "--help"]).given.options.has("help"));
        assert.ok(!read("test", ["--grep", "--help"]).given.options.has("help"));
    });
});
