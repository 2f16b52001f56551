// @ts-check
// Lets `require` read TypeScript, a file at a time, with swc alone: types are checked by `npm run typecheck`.
const { readFileSync } = require("node:fs");
const { transformSync } = require("@swc/core");

process.setSourceMapsEnabled(true);

/** @typedef {NodeJS.Module & { _compile(code: string, file: string): void }} CompiledModule */

require.extensions[".ts"] = (/** @type {NodeJS.Module} */ module, /** @type {string} */ file) => {
    const { code } = transformSync(readFileSync(file, "utf8"), {
        filename: file,
        swcrc: false,
        sourceMaps: "inline",
        module: { type: "commonjs" },
        jsc: { target: "es2022", parser: { syntax: "typescript" } },
    });
    /** @type {CompiledModule} */ (module)._compile(code, file);
};
