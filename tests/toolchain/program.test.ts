import assert from "node:assert/strict";
import { project } from "../../toolchain/checkout";
import { output } from "../../toolchain/process";

/** In a process of its own, as Pulumi runs it. */
const said = (script: string) => JSON.parse(output(process.execPath, ["-e", script], { cwd: project })) as unknown;

const loaded = `const loaded = () => ["typescript", "arborist"].filter((name) =>
    Object.values(require.cache).some(({ filename }) => filename?.includes(\`/\${name}/lib/\`)));`;

describe("The program that Pulumi runs", function () {
    this.timeout(20_000);

    it("is index.ts, without the SDK's serialiser of functions", () => {
        const script = `${loaded} const program = require("./toolchain/program");
            console.log(JSON.stringify({ exports: typeof program, loaded: loaded() }))`;
        assert.deepEqual(said(script), { exports: "function", loaded: [] });
    });

    it("could still serialise one", () => {
        const script = `${loaded} require("./toolchain/program");
            require("@pulumi/pulumi").runtime.serializeFunction(() => 42).then(({ text }) =>
                console.log(JSON.stringify({ has: text.includes("42"), loaded: loaded() })))`;
        assert.deepEqual(said(script), { has: true, loaded: ["typescript"] });
    });
});
