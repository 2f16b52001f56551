import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import * as path from "node:path";
import { declarable } from "../../components/parts";
import { project } from "../../toolchain/checkout";
import { output } from "../../toolchain/process";

describe("The list of parts", function () {
    this.timeout(20_000);

    it("has every folder with settings, under its own name", () => {
        const components = path.join(project, "components");
        const folders = readdirSync(components).filter((name) =>
            existsSync(path.join(components, name, "settings.ts")),
        );
        assert.deepEqual(declarable.map(({ key }) => key).sort(), folders.sort());
    });

    it("loads no Pulumi: status, validate and backup do without", () => {
        const script = `require("./tests/typescript"); require("./components/parts");
            console.log(JSON.stringify(Object.keys(require.cache)))`;
        const loaded = JSON.parse(output(process.execPath, ["-e", script], { cwd: project })) as string[];
        assert.ok(loaded.includes(path.join(project, "components", "parts.ts")));
        assert.deepEqual(
            loaded.filter((file) => file.includes("/@pulumi/")),
            [],
        );
    });
});
