import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import * as path from "node:path";
import { project } from "../toolchain/checkout";
import { pages, read } from "./documentation";

/** What GitHub makes of a heading: "What a job exposes" is "what-a-job-exposes". */
const anchors = (page: string) =>
    [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
        heading
            .toLowerCase()
            .replaceAll(/[^\w -]/g, "")
            .replaceAll(" ", "-"),
    );

describe("The documentation", () => {
    for (const page of pages()) {
        const links = [...read(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, link = ""]) => link);
        if (links.length > 0) {
            it(`has what ${page} links to`, () => {
                for (const link of links) {
                    const [file = "", anchor] = link.split("#");
                    const target = path.join(path.dirname(page), file === "" ? path.basename(page) : file);
                    assert.ok(existsSync(path.join(project, target)), `${link}: there is no ${target}`);
                    assert.ok(anchor === undefined || anchors(target).includes(anchor), `${link}: no such heading`);
                }
            });
        }
    }

    it("has every page of docs/ in reach of the README", () => {
        const linked = pages().flatMap((page) =>
            [...read(page).matchAll(/\]\(([^)#\s]+\.md)/g)].map(([, link = ""]) => path.join(path.dirname(page), link)),
        );
        const alone = pages().filter((page) => page.startsWith("docs/") && !linked.includes(page));
        assert.deepEqual(alone, []);
    });
});
