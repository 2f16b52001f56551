// @ts-check
const { dockerSync } = require("../../toolchain/docker");
const { ToolError } = require("../../toolchain/toolError");
const { condition, CrashLoop } = require("./container");
const { programOf } = require("./program");
const { inVolume, run, setting } = require("./step");

// Waits for the container, switches to the staged release, has it loaded, and verifies that it was. On failure the release that was
// loaded before becomes current again: what could not be loaded is never where a restart would find it.

run(async () => {
    const [release, container] = [setting("RELEASE"), setting("CONTAINER")];
    const program = programOf(setting("PROGRAM"));
    const crashes = await crashesOverAndOver(() => program.ready(container));
    const [loaded = "", difference] = inVolume(["switch", release]).trim().split(" ");
    try {
        if (crashes) {
            // Docker waits longer and longer between two starts.
            dockerSync(["restart", container]);
            await program.ready(container);
        }
        const isToLoad = difference === "changed" && !crashes;
        await program.verify(container, isToLoad ? await program.load(container) : undefined);
    } catch (error) {
        const back = await goBack(loaded, release, () => program.load(container));
        throw new ToolError(`${wordsOf(error)}\n${back}`);
    }
    inVolume(["loaded", release]);
});

/**
 * The configuration that is current may be why a program does not stay up: then the next one is not kept from it.
 * @param {() => Promise<void>} ready
 */
async function crashesOverAndOver(ready) {
    try {
        await ready();
        return false;
    } catch (error) {
        if (error instanceof CrashLoop) {
            return true;
        }
        throw error;
    }
}

/**
 * @param {string} loaded the release to go back to
 * @param {string} release the one that failed
 * @param {() => unknown} load
 * @returns {Promise<string>} what is current now, for the user
 */
async function goBack(loaded, release, load) {
    if (loaded === release) {
        return "There is no earlier release to go back to.";
    }
    try {
        inVolume(["undo", loaded, release]);
    } catch (error) {
        return `The previous configuration was not put back: ${wordsOf(error)}`;
    }
    try {
        await load();
        return "The previous configuration is in place again and loaded.";
    } catch {
        return `The previous configuration is in place again; ${condition(setting("CONTAINER")).words}.`;
    }
}

/** @param {unknown} error */
const wordsOf = (error) => (error instanceof ToolError ? error.message : String(error));
