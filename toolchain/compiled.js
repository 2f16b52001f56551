// @ts-check
const { createHash } = require("node:crypto");
const { readFileSync, readdirSync } = require("node:fs");
const { createRequire, wrap } = require("node:module");
const path = require("node:path");
const { Script } = require("node:vm");
const { install } = require("source-map-support");
const { forget, keep, kept } = require("./kept");

// Runs the checkout's programs, which are TypeScript. To compile a hundred files, and to load them and seven hundred of packages
// one by one, takes longer than what a preview does with them: a program is compiled into one file, which is kept together with
// the machine code that V8 made of it. What is kept belongs to the contents of all sources.

const project = path.join(__dirname, "..");
/** The folders that a program is made of. */
const rooms = ["bench", "commands", "components", "config", "tests/integration", "toolchain"];
/** Loaded as they are: the SDK is one with what Pulumi started, the others bring programs or are hardly ever used. */
const external = ["@pulumi/*", "google-protobuf/*", "esbuild", "playwright-core", "prettier"];
/** Of a package that comes twice, as ES modules and as CommonJS, the one copy. */
const mainFields = ["module", "main"];
const alias = { "@prometheus-io/codemirror-promql/dist/cjs": "@prometheus-io/codemirror-promql/dist/esm" };

/**
 * Runs a program of the checkout.
 * @param {string} entry its file, e.g. "index.ts"
 * @returns {Promise<any>} what it exports
 */
async function run(entry) {
    const name = `${entry.replaceAll("/", "-")}-${contentHash(entry)}`;
    const { code, map } = await program(name, entry);
    install({
        environment: "node",
        handleUncaughtExceptions: false,
        retrieveSourceMap: (file) => (file === place ? { url: place, map: map() } : null),
    });
    const hash = createHash("sha256").update(code).digest("hex").slice(0, 16);
    const machineCode = `${name}-${hash}-${process.version}-${process.arch}.v8`;
    const cachedData = kept(machineCode);
    const script = new Script(wrap(code), { filename: place, cachedData });
    if (cachedData === undefined || script.cachedDataRejected) {
        // At the end it holds all functions that were called.
        process.once("exit", () => keep(machineCode, script.createCachedData()));
    }
    const module = { exports: {} };
    script.runInThisContext()(module.exports, createRequire(place), module, place, project);
    return module.exports;
}

/** Where the program would be a file of the checkout; its source map's paths begin there. */
const place = path.join(project, "program.js");

/**
 * @param {string} name
 * @param {string} entry
 * @returns {Promise<{ code: string, map: () => string }>} map: its source map, for who has an error to show
 */
async function program(name, entry) {
    const found = kept(`${name}.js`);
    if (found) {
        return { code: String(found), map: () => String(kept(`${name}.js.map`) ?? "") };
    }
    const { code, map } = await compile(entry);
    forget();
    keep(`${name}.js.map`, Buffer.from(map));
    keep(`${name}.js`, Buffer.from(code));
    return { code, map: () => map };
}

/** @param {string} entry */
async function compile(entry) {
    const { outputFiles } = await require("esbuild").build({
        absWorkingDir: project,
        entryPoints: [entry],
        outfile: place,
        write: false,
        bundle: true,
        platform: "node",
        target: "node20",
        // What is loaded when it is needed is required then: a script of one's own has no loader of modules.
        supported: { "dynamic-import": false },
        sourcemap: "external",
        sourcesContent: false,
        external,
        mainFields,
        alias,
        logLevel: "silent",
        plugins: [ownFolders],
    });
    const text = (/** @type {string} */ file) => outputFiles.find((output) => output.path === file)?.text ?? "";
    return { code: text(place), map: text(`${place}.map`) };
}

/**
 * Has each source go on knowing its own folder: it is told how to get there from the program's place, which each checkout has
 * its own of.
 * @type {import("esbuild").Plugin}
 */
const ownFolders = {
    name: "own folders",
    setup: ({ onLoad }) =>
        onLoad({ filter: /\.(ts|js)$/ }, ({ path: file }) => {
            const source = file.includes(`${path.sep}node_modules${path.sep}`) ? "" : readFileSync(file, "utf8");
            if (!source.includes("__dirname")) {
                return undefined;
            }
            const way = JSON.stringify(path.relative(place, path.dirname(file)));
            const contents = `const __dirname = require("node:path").join(__filename, ${way});${source}`;
            return { contents, loader: file.endsWith(".ts") ? "ts" : "js" };
        }),
};

/**
 * A hash of all that the programs are made of.
 * @param {string} entry
 */
function contentHash(entry) {
    const sources = rooms.flatMap((room) =>
        readdirSync(path.join(project, room), { recursive: true, encoding: "utf8" })
            .filter((file) => /\.(ts|js)$/.test(file))
            .map((file) => `${room}/${file}`),
    );
    const hash = createHash("sha256").update(entry);
    for (const file of ["index.ts", "package.json", "package-lock.json", ...sources.sort()]) {
        hash.update(`\0${file}\0`).update(readFileSync(path.join(project, file)));
    }
    return hash.digest("hex").slice(0, 16);
}

module.exports = { run };
