// @ts-check
const { ToolError } = require("../../toolchain/toolError");
const { condition } = require("./container");
const { programOf } = require("./program");
const { inVolume, run, setting } = require("./step");

// Waits for the container, switches to the staged release, has it loaded, and verifies that it was. On failure the release that was
// loaded before becomes current again: what could not be loaded is never where a restart would find it.

run(async () => {
    const [release, container] = [setting("RELEASE"), setting("CONTAINER")];
    const program = programOf(setting("PROGRAM"));
    await program.ready(container);
    const [loaded = "", difference] = inVolume(["switch", release]).trim().split(" ");
    try {
        await program.verify(container, difference === "changed" ? await program.load(container) : undefined);
    } catch (error) {
        const reason = error instanceof ToolError ? error.message : String(error);
        throw new ToolError(`${reason}\n${await goBack(loaded, release, () => program.load(container))}`);
    }
    inVolume(["loaded", release]);
});

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
    inVolume(["undo", loaded]);
    try {
        await load();
        return "The previous configuration is in place again and loaded.";
    } catch {
        return `The previous configuration is in place again; ${condition(setting("CONTAINER")).words}.`;
    }
}
