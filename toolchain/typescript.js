// @ts-check
// Lets `require` read TypeScript, with swc alone: ts-node would load the TypeScript compiler first, for longer than all of
// `npm run validate` takes. Types are checked by `npm run typecheck`.
const { readFileSync } = require("node:fs");
const { transformSync } = require("@swc/core");

process.setSourceMapsEnabled(true);

/** @typedef {NodeJS.Module & { _compile(code: string, file: string): void }} CompiledModule */

require.extensions[".ts"] = (/** @type {NodeJS.Module} */ module, /** @type {string} */ file) => {
    const { code } = transformSync(readFileSync(file, "utf8"), {
        filename: file,
        swcrc: false,
        sourceMaps: "inline",
        module: { type: "commonjs", ignoreDynamic: true },
        jsc: { target: "es2022", parser: { syntax: "typescript" } },
    });
    /** @type {CompiledModule} */ (module)._compile(code, file);
};
