// @ts-check
const { text } = require("node:stream/consumers");
const { failure } = require("../../toolchain/endpoint");
const { refusals } = require("./check");
const { generation } = require("./drift");
const { look } = require("./host");
const { attempt } = require("./looking");
const { programOf } = require("./program");
const { run } = require("./step");

// Looks at the Docker host for a preview, and changes nothing. Reads what is asked from stdin, and prints what it found, both
// as JSON; see ../observation.ts for their types. What cannot be found out is said, and is no failure.

/** @typedef {import("../observation").Question} Question */
/** @typedef {import("../observation").Observation} Observation */

run(async () => {
    const question = JSON.parse(await text(process.stdin));
    const unreachable = await failure();
    process.stdout.write(JSON.stringify(unreachable ? { unreachable } : await observe(question)));
});

/**
 * @param {Question} question
 * @returns {Promise<Observation>}
 */
async function observe({ image, host, parts }) {
    const [facts, answers] = await Promise.all([
        host && attempt(() => look(image, host)),
        Promise.all(parts.map((part) => answer(image, part))),
    ]);
    return { ...(facts && { facts }), parts: answers };
}

/**
 * @param {string} image
 * @param {import("../observation").PartQuestion} part
 */
async function answer(image, part) {
    const { check } = programOf(part.program);
    const { deployed } = part;
    const [refused, changed] = await Promise.all([
        check && attempt(() => refusals(check, part)),
        deployed && attempt(() => generation(image, { ...part, deployed })),
    ]);
    return { ...(refused && { refused }), ...(changed && { generation: changed }) };
}
