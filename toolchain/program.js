// @ts-check
const { Module, createRequire } = require("node:module");
const { run } = require("./compiled");

// What Pulumi runs: package.json names it, and Pulumi.yaml says that the SDK need not load a TypeScript compiler for it.

/**
 * Has a module load when it is used. Those below serialise functions, for resources that a program implements itself; the SDK
 * loads them whether there are any or not, and they take longer than all the rest of it.
 * @param {string} name as the SDK names it
 */
function loadWhenUsed(name) {
    const sdk = createRequire(require.resolve("@pulumi/pulumi"));
    const file = sdk.resolve(name);
    /** @type {any} */
    let loaded;
    const load = () => {
        if (loaded === undefined) {
            delete require.cache[file];
            loaded = sdk(file);
        }
        return loaded;
    };
    const module = new Module(file);
    module.loaded = true;
    // An ES module to who imports it, or its importer would copy all members at once.
    module.exports = new Proxy(
        {},
        { get: (_, key) => (key === "__esModule" ? true : key === "default" ? load() : load()[key]) },
    );
    require.cache[file] = module;
}

["./typescript-shim", "@npmcli/arborist", "normalize-package-data"].forEach(loadWhenUsed);

module.exports = async () => (await run("index.ts"))();
