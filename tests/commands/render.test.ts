import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { command } from "../../commands/render";
import { checkStack } from "../../commands/validate/stack";
import { inFolder } from "../../commands/validate/files";

describe("npm run render", () => {
    let folder: string;
    before(() => (folder = mkdtempSync(path.join(tmpdir(), "render-"))));
    after(() => rmSync(folder, { recursive: true }));

    const render = (stack: string, out: string) =>
        command.run({
            stack: { name: stack, fullName: stack },
            options: new Map([["out", path.join(folder, out)]]),
            operands: [],
            args: [],
        });

    for (const stack of ["dev", "prod"]) {
        it(`writes every file of ${stack} that would be delivered, and no other`, async () => {
            assert.equal(await render(stack, stack), 0);
            const { plan } = checkStack(`Pulumi.${stack}.yaml`, inFolder);
            const expected = Object.fromEntries(
                (plan?.parts ?? []).flatMap(({ part, files }) =>
                    Object.entries(files).map(([file, text]) => [path.join(part.role, file), text]),
                ),
            );
            assert.ok("prometheus/prometheus.yml" in expected);
            const found = readdirSync(path.join(folder, stack), { recursive: true, withFileTypes: true })
                .filter((entry) => entry.isFile())
                .map((entry) => path.join(entry.parentPath, entry.name));
            assert.deepEqual(
                Object.fromEntries(
                    found.map((file) => [path.relative(path.join(folder, stack), file), readFileSync(file, "utf8")]),
                ),
                expected,
            );
        });
    }

    it("writes into no folder that holds something, and nothing of a stack that there is not", async () => {
        mkdirSync(path.join(folder, "mine"));
        writeFileSync(path.join(folder, "mine/notes.txt"), "mine");
        await assert.rejects(render("dev", "mine"), /mine is not empty; name another folder with --out, or remove it/);
        assert.deepEqual(readdirSync(path.join(folder, "mine")), ["notes.txt"]);
        await assert.rejects(render("nope", "new"), /The stack nope has no Pulumi\.nope\.yaml/);
    });
});
