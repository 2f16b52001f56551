import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { archive } from "../../components/delivery/archive";
import type { Files } from "../../config/render/files";
import type { CorpusKind, Found } from "../commands/import/corpus";
import { filesOf, importedAlone, isThere, whyNot } from "../commands/import/corpus";
import type { Imported } from "../commands/import/importing";
import { images } from "../images";

interface Case {
    readonly found: Found;
    readonly imported: Imported;
}

/** What a tool of an image says of each of many folders, which it reads one after the other. */
async function said(image: string, command: string, folders: readonly Files[]): Promise<string[]> {
    const all = folders.flatMap((files, i) =>
        Object.entries(files).map(([name, text]) => [`${i}/${name}`, text] as const),
    );
    const script = `mkdir /tmp/cases && cd /tmp/cases && tar -x && i=0; while [ $i -lt ${folders.length} ]; do
        cd /tmp/cases/$i && echo "@@$i" && { ${command} && echo GOOD; } 2>&1; i=$((i + 1)); done`;
    const container = ["run", "--rm", "--interactive", "--network", "none", "--entrypoint", "sh", image, "-c", script];
    const { stdout, stderr } = spawnSync("docker", container, {
        input: await archive(Object.fromEntries(all)),
        encoding: "utf8",
        maxBuffer: 2 ** 30,
    });
    const words = stdout.split(/^@@\d+$/m).slice(1);
    assert.equal(words.length, folders.length, stderr);
    return words;
}

/** Paths of the volume stand for those beside the file; each secret file is there. */
function inFolder(files: Files): Files {
    const texts = Object.entries(files).map(([name, text]): [string, string] => [
        name,
        text.replaceAll(/\/etc\/(prometheus|alertmanager)\/(current\/)?/g, ""),
    ]);
    const secrets = texts.flatMap(([, text]) => text.match(/secrets\/[^\s"']+/g) ?? []);
    return { ...Object.fromEntries(secrets.map((file) => [file, "x"])), ...Object.fromEntries(texts) };
}

const refusedOf = (cases: readonly Case[], words: readonly string[]) =>
    cases.flatMap(({ found: { id } }, i) => (words[i]?.includes("GOOD") ? [] : [`${id}: ${words[i]}`]));

describe("The programs' own tools, of what people have", function () {
    this.timeout(600_000);

    before(function () {
        if (!isThere) {
            console.log(`      Skipped: ${whyNot}`);
            this.skip();
        }
    });

    const casesOf = (kind: CorpusKind): Case[] =>
        filesOf(kind).map((found) => ({ found, imported: importedAlone(found) }));
    const moved = (cases: readonly Case[]) => cases.filter(({ imported: { lost } }) => lost.length === 0);

    for (const kind of ["prometheus", "rules"] as const) {
        it(`accept what is made of each ${kind === "rules" ? "rule file" : "prometheus.yml"} that moves`, async () => {
            const cases = moved(casesOf(kind));
            assert.ok(cases.length > 0);
            const folders = cases.map(({ imported: { delivered } }) => inFolder(delivered.prometheus ?? {}));
            const words = await said(images.prometheus, "promtool check config prometheus.yml", folders);
            assert.deepEqual(refusedOf(cases, words), []);
        });
    }

    it("accept what is made of each alertmanager.yml that moves", async () => {
        const cases = moved(casesOf("alertmanager"));
        assert.ok(cases.length > 0);
        const folders = cases.map(({ imported: { delivered } }) => inFolder(delivered.alertmanager ?? {}));
        const words = await said(images.alertmanager, "amtool check-config alertmanager.yml", folders);
        assert.deepEqual(refusedOf(cases, words), []);
    });

    it("refuse the originals of which it is said that no current version loads them", async () => {
        const claimed = casesOf("prometheus").filter(({ imported: { lost } }) =>
            lost.some((line) => /is no YAML that a program reads|No current version loads/.test(line)),
        );
        const originals = claimed.map(({ found: { file } }) => ({ "prometheus.yml": readFileSync(file, "utf8") }));
        const words = await said(images.prometheus, "promtool check config --syntax-only prometheus.yml", originals);
        assert.deepEqual(
            words.filter((each) => each.includes("GOOD")),
            [],
        );
    });
});
