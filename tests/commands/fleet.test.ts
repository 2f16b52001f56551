import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { readArguments } from "../../commands/arguments";
import type { Command } from "../../commands/command";
import { commandNames, commandOf } from "../../commands/commands";
import { atATime } from "../../commands/fleet/atATime";
import { reason, worst } from "../../commands/fleet";
import { selected } from "../../commands/fleet/stacks";
import { changesIn } from "../../commands/pulumi/changes";
import { userFiles } from "../userFiles";

const read = (name: string, ...args: string[]) => readArguments(commandOf(name) as Command, args, {});
const commands = commandNames.flatMap((name) => commandOf(name) ?? []);

describe("Several stacks", () => {
    const all = commands.filter(({ options }) => options.some(({ name }) => name === "stack"));

    for (const { name, fleet, operand } of all) {
        const operands = operand && operand.default === undefined ? ["{stack}.gz"] : [];
        const apart = name === "render" ? ["--out", "out/{stack}"] : [];
        const typed = [...apart, ...operands];
        if (fleet) {
            it(`are what ${name} takes, by a pattern, by names and all of them`, () => {
                for (const [args, patterns] of [
                    [["--stack", "web-*"], ["web-*"]],
                    [["-s=web-1,web-2"], ["web-1", "web-2"]],
                    [["--all"], ["*"]],
                ] as const) {
                    const { given, mistakes } = read(name, ...args, ...typed);
                    assert.deepEqual([mistakes, given.selection?.patterns], [[], patterns], args.join(" "));
                    assert.ok(!given.selection?.args.some((each) => /^--(all|concurrency)/.test(each)));
                }
                assert.equal(read(name, "--stack", "web-1", ...typed).given.selection, undefined);
            });
        } else {
            it(`are refused by ${name}`, () =>
                assert.match(
                    read(name, "--stack", "web-*", ...typed).mistakes.join("\n"),
                    new RegExp(`^${name} takes one stack, not web-\\*`),
                ));
        }
    }

    it("are refused for all by a command that takes one", () =>
        assert.deepEqual(read("restore", "--all", "a.gz").mistakes, [
            "restore takes one stack, not all; name it with --stack",
        ]));

    it("hand on what was typed, without what chooses them", () => {
        const { selection } = read(
            "up",
            "--concurrency",
            "2",
            "--message",
            "--all",
            "--all",
            "-d",
            "--concurrency=3",
        ).given;
        assert.deepEqual(
            [selection?.concurrency, selection?.args],
            [3, ["--message", "--all", "-d", "--non-interactive"]],
        );
        assert.equal(read("up", "--message", "--all").given.selection, undefined);
        assert.deepEqual(read("backup", "--all", "--", "{stack}.gz").given.selection?.args, ["--", "{stack}.gz"]);
    });

    it("need a number of them at a time, and one way to choose them", () => {
        assert.match(
            read("status", "--all", "--concurrency", "many").mistakes.join(),
            /^--concurrency is many; write a number from 1/,
        );
        assert.match(
            read("status", "--all", "--stack", "web-*").mistakes.join(),
            /^--all is every stack, and --stack web-\* are some/,
        );
    });

    it("need a file each, where a command writes one", () => {
        assert.match(
            read("backup", "--all", "a.gz").mistakes.join(),
            /^what it writes would be one for all stacks; write \{stack\}/,
        );
        assert.match(read("render", "--all").mistakes.join(), /^--out would be one for all stacks; write \{stack\}/);
    });

    const files = userFiles({
        "Pulumi.yaml": "",
        "Pulumi.web-1.yaml": "",
        "Pulumi.web-2.yaml": "",
        "Pulumi.db.yaml": "",
    });
    const names = (...patterns: string[]) =>
        selected({ patterns, concurrency: 4, args: [] }, files).map(({ fullName }) => fullName);

    it("are those that have a stack file", () => {
        assert.deepEqual(names("*"), ["db", "web-1", "web-2"]);
        assert.deepEqual(names("web-?"), ["web-1", "web-2"]);
        assert.deepEqual(names("web-2", "web-*"), ["web-2", "web-1"]);
        assert.deepEqual(names("acme/metrics-stack/web-[12]"), [
            "acme/metrics-stack/web-1",
            "acme/metrics-stack/web-2",
        ]);
        assert.throws(
            () => names("app-*"),
            /^Error: app-\* is the name of no stack that has a stack file; write one of db, web-1, web-2/,
        );
        assert.throws(() => names("web-3", "web-1"), /web-3 is the name of no stack/);
    });

    it("are never more at a time than is said, and keep their order", async () => {
        let [running, most] = [0, 0];
        const results = await atATime(2, [30, 10, 20, 1], async (milliseconds) => {
            most = Math.max(most, ++running);
            await sleep(milliseconds);
            running--;
            return milliseconds;
        });
        assert.deepEqual([results, most], [[30, 10, 20, 1], 2]);
    });

    it("end with the exit status of the one that it went worst for", () => {
        const ended = (name: string, ...statuses: number[]) =>
            worst(
                commandOf(name)?.fleet ?? {},
                statuses.map((exitCode) => ({ exitCode })),
            );
        assert.deepEqual([ended("up", 0, 0), ended("up", 0, 10, 0), ended("up", 10, 1, 0)], [0, 10, 1]);
        assert.deepEqual([ended("status", 0, 3), ended("status", 3, 1), ended("status", 1, 2, 3)], [3, 1, 2]);
        assert.deepEqual([ended("preview", 0, 1), ended("preview", 255, 1)], [1, 255]);
    });

    it("have a line each where they are looked at", () => {
        const { said, columns } = commandOf("status")?.fleet ?? {};
        const containers = [
            { status: "running", health: "healthy" },
            { status: "exited", health: null },
        ];
        const targets = [{ health: "up" }, { health: "down" }, { health: "up" }];
        const prometheus = { targets, alerts: [{ state: "firing" }, { state: "pending" }] };
        const status = {
            containers,
            prometheus,
            problems: ["a: it ended\n    its log", "b"],
            unknown: ["c"],
            differences: null,
        };
        assert.deepEqual(columns?.head, ["CONTAINERS", "TARGETS UP", "ALERTS"]);
        assert.deepEqual(columns?.cells(status), ["1 of 2", "2 of 3", "1 fire"]);
        assert.deepEqual(columns?.cells({ ...status, prometheus: null }), ["1 of 2", "", ""]);
        assert.equal(said?.("", status), "a: it ended (and 2 more)");
    });

    it("show what Pulumi counted", () => {
        assert.equal(
            changesIn("x\nResources:\n    ~ 1 to update\n    22 unchanged\n\nDuration: 3s\n"),
            "~ 1 to update, 22 unchanged",
        );
        assert.equal(changesIn("error: no\n"), "");
    });

    it("have a line each that says why one failed", () => {
        const said = (...lines: string[]) => reason(lines.join("\n"));
        assert.equal(said("Diagnostics:", "    error: Error: no such host", "  error: update failed"), "no such host");
        const key = "metrics-stack:scrapeInterval: is not a duration";
        assert.equal(
            said("error: 2 mistakes, nothing was changed:", "", `    ${key}`, "  b"),
            `2 mistakes, nothing was changed: ${key}`,
        );
        assert.equal(said("Installing ...", "npm is not there", ""), "npm is not there");
        assert.equal(said("error: " + "long ".repeat(50)).length, 200);
        assert.equal(said(""), "");
    });
});
