// @ts-check
// Which stacks there are: one for each Pulumi.<stack>.yaml. In: STACK, the one that is asked for, else all. Out: `stacks`, and the
// same in the order of a deployment: `first`, the stack dev if it is among them, and `rest`. All are JSON lists.
const { readdirSync } = require("node:fs");
const { Failure, setOutput, step } = require("./runner");

void step(() => {
    const all = readdirSync(".")
        .flatMap((file) => /^Pulumi\.([\w.-]+)\.yaml$/.exec(file)?.[1] ?? [])
        .sort();
    const wanted = process.env.STACK;
    if (wanted && !all.includes(wanted)) {
        throw new Failure(`${JSON.stringify(wanted)} is no stack of this repository; write one of ${all.join(", ")}.`);
    }
    const stacks = wanted ? [wanted] : all;
    setOutput("stacks", JSON.stringify(stacks));
    setOutput("first", JSON.stringify(stacks.filter((stack) => stack === "dev")));
    setOutput("rest", JSON.stringify(stacks.filter((stack) => stack !== "dev")));
});
