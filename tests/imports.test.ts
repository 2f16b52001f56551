import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { scripts } from "../package.json";
import { project } from "../toolchain/checkout";

/** An import, from a file to another or to a package. */
type Arrow = readonly [from: string, to: string, word?: "import" | "import type"];

/** What lint refuses, by the rule that does. */
const refused: Readonly<Record<string, readonly Arrow[]>> = {
    rooms: [
        ["index.ts", "commands/target.ts"],
        ["index.ts", "config/schema/target.ts"],
        ["commands/toTests.ts", "tests/target.ts"],
        ["components/toCommands.ts", "commands/target.ts"],
        ["components/echo/toCommands.ts", "commands/target.ts"],
        ["components/delivery/toCommands.js", "commands/target.ts"],
        ["config/toComponents.ts", "components/target.ts"],
        ["config/toToolchain.ts", "toolchain/target.ts"],
        ["config/schema/toCheck.ts", "config/check/target.ts"],
        ["config/schema/toRender.ts", "config/render/target.ts"],
        ["config/schema/toDeclaration.ts", "config/target.ts"],
        ["config/check/toRender.ts", "config/render/target.ts"],
        ["config/check/toToolchain.ts", "toolchain/target.ts"],
        ["config/render/toCheck.ts", "config/check/target.ts"],
        ["config/render/toComponents.ts", "components/target.ts"],
        ["toolchain/toConfig.ts", "config/target.ts"],
        ["toolchain/toComponents.ts", "components/target.ts"],
        ["toolchain/images/toCommands.js", "commands/target.ts"],
    ],
    "parts-know-no-other": [
        ["components/echo/toPart.ts", "components/other/target.ts"],
        ["components/echo/toPart.js", "components/other/target.ts"],
    ],
    "parts-through-the-list": [
        ["commands/toPart.ts", "components/echo/target.ts"],
        ["components/toPart.ts", "components/echo/target.ts"],
        ["components/delivery/toPart.js", "components/echo/target.ts"],
    ],
    "pulumi-in-resources": [
        ["commands/toPulumi.ts", "@pulumi/pulumi"],
        ["components/toPulumi.ts", "@pulumi/docker"],
        ["components/echo/toPulumi.ts", "@pulumi/command"],
        ["config/toPulumi.ts", "@pulumi/pulumi/runtime"],
        ["config/schema/toPulumi.ts", "@pulumi/pulumi"],
        ["toolchain/toPulumi.js", "@pulumi/pulumi"],
        ["components/stack.ts", "@pulumi/pulumi", "import"],
    ],
    "no-circle": [["toolchain/circle.ts", "toolchain/circleBack.ts"]],
};

/** What it does not: for one, a new part that only the list of the parts names. */
const allowed: readonly Arrow[] = [
    ["toolchain/circleBack.ts", "toolchain/circle.ts"],
    ["components/parts.ts", "components/echo/target.ts"],
    ["components/part.ts", "@pulumi/pulumi"],
    ["components/network.ts", "@pulumi/docker", "import"],
    ["components/echo/resources.ts", "@pulumi/docker", "import"],
    ["components/echo/status.ts", "toolchain/target.ts"],
    ["components/echo/files.ts", "config/render/target.ts"],
    ["components/echo/delivery.js", "components/delivery/target.ts"],
    ["config/index.ts", "config/check/target.ts"],
    ["commands/validate.ts", "config/target.ts"],
];

describe("The lint of imports", function () {
    this.timeout(60_000);

    let folder: string;
    let found: string[];
    before(() => {
        folder = mkdtempSync(path.join(tmpdir(), "imports-"));
        for (const arrow of [...Object.values(refused).flat(), ...allowed]) {
            const [from, to] = arrow;
            append(from, importing(arrow));
            if (!to.startsWith("@")) {
                append(to, "export type Type = 1;\n");
            }
        }
        const rules = ".dependency-cruiser.mjs";
        copyFileSync(path.join(project, rules), path.join(folder, rules));
        symlinkSync(path.join(project, "node_modules"), path.join(folder, "node_modules"));
        found = violations();
    });
    after(() => rmSync(folder, { recursive: true }));

    function append(file: string, text: string) {
        mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
        appendFileSync(path.join(folder, file), text);
    }

    /** What `npm run lint` says of the folder: a rule, and which file imports which. */
    function violations(): string[] {
        const [command = ""] = /depcruise .*/.exec(scripts.lint) ?? [];
        const bin = path.join(project, "node_modules", ".bin");
        const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}`, NO_COLOR: "1" };
        const { stdout } = spawnSync(command, { cwd: folder, env, shell: true, encoding: "utf8" });
        const packages = stdout.replace(/\S+\/node_modules\/(\S+)\/index\.js/g, "$1");
        return [...packages.matchAll(/error (\S+): (\S+) →\s+(\S+)/g)].map(
            ([, rule, from, to]) => `${rule}: ${from} → ${to}`,
        );
    }

    for (const [rule, arrows] of Object.entries(refused)) {
        for (const [from, to] of arrows) {
            it(`refuses ${to} in ${from}`, () =>
                assert.ok(found.includes(`${rule}: ${from} → ${to}`), found.join("\n")));
        }
    }

    it("refuses nothing else", () =>
        assert.equal(found.length, Object.values(refused).flat().length, found.join("\n")));
});

function importing([from, to, word = "import type"]: Arrow): string {
    const relative = path.posix.relative(path.posix.dirname(from), to).replace(/\.ts$/, "");
    const specifier = to.startsWith("@") ? to : relative.startsWith(".") ? relative : `./${relative}`;
    return from.endsWith(".js")
        ? `/** @typedef {import("${specifier}").Type} Type */\n`
        : `${word} { Type } from "${specifier}";\n`;
}
