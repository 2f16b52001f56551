import type { Command, Given } from "../command";
import { grepOption, mocha, toMocha } from "./runners";
import { allSuites, needsEngine, selectTests } from "./selection";

export const command: Command = {
    name: "test:unit",
    summary: "the tests that need only Node, or some of them",
    operand: { name: "FILE", meaning: "a file or folder of tests", default: "all of them", several: true },
    options: [grepOption],
    handsOn: toMocha,
    examples: ["npm run test:unit", "npm run test:unit -- tests/property"],
    run: runUnitTests,
};

/** The tests that need only Node, or some of them. */
async function runUnitTests({ args }: Given): Promise<number> {
    const unit = allSuites().filter((suite) => !needsEngine(suite));
    const { suites, options } = selectTests(args, unit);
    return (await mocha(suites, options, 2)).status;
}
