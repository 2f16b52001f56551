// @ts-check
const { text } = require("node:stream/consumers");
const { failure } = require("../../toolchain/endpoint");
const { EngineApi } = require("../../toolchain/engineApi");
const { refusals } = require("./check");
const { stateOf } = require("./drift");
const { look } = require("./host");
const { attempt } = require("./looking");
const { programOf } = require("./program");
const { run } = require("./step");

// Looks at the Docker host for a preview, and changes nothing. Reads what is asked from stdin, and prints what it found, both
// as JSON; see ../observation.ts for their types. What cannot be found out is said, and is no failure.

/** @typedef {import("../observation").Question} Question */
/** @typedef {import("../observation").Observation} Observation */

/** How long an engine may take before its endpoint is asked what is wrong, in milliseconds. */
const soon = 3000;

run(async () => {
    const engine = new EngineApi();
    try {
        const question = JSON.parse(await text(process.stdin));
        const unreachable = await failure(process.env, () => engine.answers(soon));
        process.stdout.write(JSON.stringify(unreachable ? { unreachable } : await observe(engine, question)));
    } finally {
        engine.close();
    }
});

/**
 * @param {EngineApi} engine
 * @param {Question} question
 * @returns {Promise<Observation>}
 */
async function observe(engine, { image, host, parts }) {
    const [facts, answers, itself] = await Promise.all([
        host && attempt(() => look(engine, image, host)),
        Promise.all(parts.map((part) => answer(engine, image, part))),
        attempt(() => ofItself(engine)),
    ]);
    return { ...(facts && { facts }), parts: answers, engine: itself };
}

/**
 * @param {EngineApi} engine
 * @returns {Promise<import("../../config/check/engine").Engine>}
 */
async function ofItself(engine) {
    const { ID, Name, OperatingSystem, SecurityOptions, MemoryLimit, SwapLimit } = await engine.get("/info");
    return {
        ...{ id: ID, name: Name, operatingSystem: OperatingSystem, securityOptions: SecurityOptions ?? [] },
        ...{ memoryLimit: MemoryLimit !== false, swapLimit: SwapLimit !== false },
    };
}

/**
 * @param {EngineApi} engine
 * @param {string} image
 * @param {import("../observation").PartQuestion} part
 * @returns {Promise<import("../observation").PartAnswer>}
 */
async function answer(engine, image, part) {
    const { check } = programOf(part.program);
    const { deployed } = part;
    const hasFiles = Object.keys(part.files).length > 0;
    const state = deployed && (await attempt(() => stateOf(engine, image, { ...part, deployed })));
    // Of the tests nobody knows whether they are those of the last time.
    const isChecked = !part.tests && state !== undefined && "found" in state && state.found.runsWithFiles;
    return {
        ...(check &&
            hasFiles && { refused: isChecked ? { found: [] } : await attempt(() => refusals(engine, check, part)) }),
        ...(state && { generation: "found" in state ? { found: state.found.generation } : state }),
    };
}
