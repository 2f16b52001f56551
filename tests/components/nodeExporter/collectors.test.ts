import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { collectors } from "../../../components/nodeExporter/collectors";
import { standardImage } from "../../../components/nodeExporter/settings";
import { versionOf } from "../../../components/part";
import { goModules } from "../../conformance/recordedKeys";

const source = path.join(goModules, `node_exporter@v${versionOf(standardImage)}`, "collector");

/** A file's constraint, or the end of its name, may leave Linux out: https://pkg.go.dev/cmd/go#hdr-Build_constraints */
const isForLinux = (file: string, text: string) => {
    const [, constraint = "linux"] = /^\/\/go:build (.*)$/m.exec(text) ?? [];
    const others = /freebsd|netbsd|openbsd|dragonfly|darwin|solaris|aix/;
    return (
        !new RegExp(`_(${others.source}|bsd)(_\\w+)?\\.go$`).test(file) &&
        (/\blinux\b/.test(constraint) || !/(?<!!)\b(freebsd|darwin)\b/.test(constraint))
    );
};

/** What a file registers, under a text or a constant of its own. */
const namesIn = (text: string) =>
    [...text.matchAll(/^\s*registerCollector\((?:"(\w+)"|(\w+)),/gm)].flatMap(
        ([, name, constant]) => name ?? new RegExp(`\\b${constant}\\s*=\\s*"(\\w+)"`).exec(text)?.[1] ?? [],
    );

describe("The collectors of node_exporter", () => {
    it("are those that its pinned version has on Linux", function () {
        if (!existsSync(source)) {
            return this.skip(); // Go's module cache does not have the source.
        }
        const texts = readdirSync(source)
            .filter((file) => file.endsWith(".go") && !file.endsWith("_test.go"))
            .map((file) => [file, readFileSync(path.join(source, file), "utf8")] as const)
            .filter(([file, text]) => isForLinux(file, text));
        const registered = texts.flatMap(([, text]) => namesIn(text));
        assert.deepEqual([...new Set(registered)].sort(), [...collectors].sort());
    });
});
