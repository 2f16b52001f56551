import assert from "node:assert/strict";
import { files, read } from "./documentation";

/** Pages, drawings, and what names files in a language of its own; but not the history, which names what is gone. */
const texts = files("*.md", "*.svg", ".github/*.yml", "renovate.json", ":!CHANGELOG.md").map((file) => ({
    file,
    text: read(file),
}));

const sources = files("*.ts", "*.js", "*.mjs", "*.sh", "*.py", ".githooks/*", ".ci/*");
const comments = sources.map((file) => ({ file, text: commentsOf(read(file)) }));

/** The lines of comments, and what stands behind code. */
function commentsOf(source: string): string {
    return [...source.matchAll(/^\s*(?:\/?\*|\/\/|#).*$|\s(?:\/\/|#)\s.*$/gm)].join("\n");
}

/** What looks like a file and is none of the project's: an address, with the path in it behind a comma. */
const elsewhere = /https?:[^\s,]+(?:, [\w./-]+)?|Node\.js/g;

const rooms = [...new Set(files().flatMap((file) => /^[^/]+(?=\/)/.exec(file) ?? []))];
const room = `(?:${rooms.join("|").replaceAll(".", "\\.")})/`;

/** What begins with one of the project's folders, or ends as its sources and pages do; `<part>` and `*` stand for any name. */
const named = new RegExp(String.raw`(?<![\w./:@-])(?:${room}[\w./*-]*|[\w./*-]+\.(?:[jt]s|mjs|sh|md)\b)`, "g");

const tree = files().join("\n");

/** A file without its folders may be any, and those of an example may be named from there. */
function exists(name: string): boolean {
    const pattern = name.replaceAll(".", "\\.").replaceAll(/\*+/g, "[^/\n]+");
    const folder = new RegExp(`^${room}`).test(name) ? "(?:examples/\\w+/)?" : "(?:.*/)?";
    return new RegExp(`^${folder}${pattern}(?:/|$)`, "m").test(tree);
}

function namesIn(text: string): string[] {
    const plain = text.replaceAll(/<\w+>|&lt;\w+&gt;/g, "*").replaceAll(elsewhere, "");
    return [...plain.matchAll(named)].map(([name]) => name.replaceAll(/^(?:\.{1,2}\/)+|[./]+$/g, ""));
}

describe("Files and folders", () => {
    it("are there where a page, a drawing, a workflow or a comment names them", () => {
        const missing = [...texts, ...comments].flatMap(({ file, text }) =>
            namesIn(text)
                .filter((name) => !exists(name))
                .map((name) => `${file} names ${name}`),
        );
        assert.deepEqual(missing, []);
    });
});
