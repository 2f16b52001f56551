import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { alertNames } from "../config/render/rules";
import { check } from "../commands/validate/promql";

describe("The runbooks", () => {
    const folder = path.join(__dirname, "..", "docs", "runbooks");
    const pages = readdirSync(folder).filter((file) => file !== "README.md");
    const page = (file: string) => readFileSync(path.join(folder, file), "utf8");

    it("have a page for every alert, and none besides", () =>
        assert.deepEqual(
            pages.sort(),
            alertNames().map((name) => `${name}.md`),
        ));

    it("are all listed in their README.md", () => {
        const listed = [...page("README.md").matchAll(/\[(\w+)\]\((\w+\.md)\)/g)];
        assert.deepEqual(listed.map(([, , file]) => file).sort(), pages.sort());
        assert.deepEqual(
            listed.filter(([, name, file]) => `${name}.md` !== file),
            [],
        );
    });

    it("say what an alert means, how to look, and what to do", () => {
        for (const file of pages) {
            const headings = [...page(file).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);
            assert.deepEqual(headings, [path.basename(file, ".md"), "Meaning", "Look", "Act"], file);
        }
    });

    it("show queries that are good PromQL", () => {
        for (const file of pages) {
            for (const [, block = ""] of page(file).matchAll(/^```promql\n([^`]*)```$/gm)) {
                for (const line of block.trim().split("\n")) {
                    assert.deepEqual(check(line), [], `${file}: ${line}`);
                }
            }
        }
    });
});
