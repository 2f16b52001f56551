// @ts-check
// Which jobs there are: one for each stack, and one for each fleet of stacks that have a GitHub environment together.
// In: FLEETS, such as "web=web-* db=db-1,db-2"; STACK, the stack or fleet that is asked for, else all. Out: `stacks`, and the same in
// the order of a deployment: `first`, the stack dev if it is among them, and `rest`. All are JSON lists of { name, stacks }.
const { readdirSync } = require("node:fs");
const { Failure, setOutput, step } = require("./runner");

/**
 * @typedef {object} Job
 * @property {string} name of its GitHub environments: a stack, or a fleet
 * @property {string} stacks with commas between them
 */

void step(() => {
    const all = readdirSync(".")
        .flatMap((file) => /^Pulumi\.([\w.-]+)\.yaml$/.exec(file)?.[1] ?? [])
        .sort();
    const fleets = fleetsOf(all, process.env.FLEETS ?? "");
    const alone = all.filter((stack) => !fleets.some(({ stacks }) => stacks.includes(stack)));
    const jobs = [...fleets, ...alone.map((stack) => ({ name: stack, stacks: [stack] }))];
    const wanted = process.env.STACK;
    const found = wanted ? jobs.flatMap((job) => partOf(job, wanted)) : jobs;
    if (wanted && found.length === 0) {
        const known = [...new Set([...jobs.map(({ name }) => name), ...all])].sort();
        throw new Failure(
            `${JSON.stringify(wanted)} is no stack and no fleet of this repository; write one of ${known.join(", ")}.`,
        );
    }
    const list = (/** @type {typeof found} */ some) =>
        JSON.stringify(some.map(({ name, stacks }) => ({ name, stacks: stacks.join(",") })));
    const sorted = found.sort((a, b) => (a.name < b.name ? -1 : 1));
    setOutput("stacks", list(sorted));
    setOutput("first", list(sorted.filter(({ name }) => name === "dev")));
    setOutput("rest", list(sorted.filter(({ name }) => name !== "dev")));
});

/** Of a job what is asked for by its name, or by that of one of its stacks. */
function partOf(/** @type {{ name: string, stacks: string[] }} */ job, /** @type {string} */ wanted) {
    return job.name === wanted ? [job] : job.stacks.includes(wanted) ? [{ ...job, stacks: [wanted] }] : [];
}

/**
 * @param {readonly string[]} all
 * @param {string} declared
 */
function fleetsOf(all, declared) {
    const fleets = declared
        .split(/\s+/)
        .filter(Boolean)
        .map((word) => {
            const [, name = "", patterns = ""] = /^([\w.-]+)=(.+)$/.exec(word) ?? [];
            if (name === "") {
                throw new Failure(`FLEETS: ${word} is no fleet; write a name and its stacks, such as web=web-*.`);
            }
            const stacks = patterns.split(",").flatMap((pattern) => {
                const found = all.filter((stack) => fits(stack, pattern));
                if (found.length === 0) {
                    throw new Failure(`FLEETS: no stack is called ${pattern}, of the fleet ${name}.`);
                }
                return found;
            });
            return { name, stacks: [...new Set(stacks)] };
        });
    for (const [i, { name, stacks }] of fleets.entries()) {
        const taken = all.includes(name) && !stacks.includes(name) ? name : undefined;
        if (taken !== undefined || fleets.findIndex((each) => each.name === name) !== i) {
            throw new Failure(
                `FLEETS: ${name} is the name of another ${taken ? "stack" : "fleet"}; write another one.`,
            );
        }
        const other = fleets.slice(0, i).find((each) => each.stacks.some((stack) => stacks.includes(stack)));
        if (other) {
            const both = stacks.filter((stack) => other.stacks.includes(stack));
            throw new Failure(`FLEETS: ${both.join(", ")} cannot be in both ${other.name} and ${name}.`);
        }
    }
    return fleets;
}

/**
 * By the characters that patterns of stacks have everywhere: * ? and [ab]. Its job installs no packages, without which the commands'
 * own TypeScript cannot be run. docs/fleets.md
 */
function fits(/** @type {string} */ stack, /** @type {string} */ pattern) {
    const source = pattern
        .replace(/[.+^${}()|\\]/g, String.raw`\$&`)
        .replace(/\*/g, ".*")
        .replace(/\?/g, ".");
    return new RegExp(`^${source}$`).test(stack);
}
