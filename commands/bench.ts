import type { Benchmark } from "../bench";
import { bench, benchmarks } from "../bench";
import { instead } from "../config/schema/problems";
import { ToolError } from "../toolchain/process";
import type { Command } from "./command";

const names = Object.keys(benchmarks) as Benchmark[];

export const command: Command = {
    name: "bench",
    summary: "measure previews, changes, pages and cAdvisor, beside what does nothing or is usual",
    operand: { name: "BENCHMARK", meaning: `one of ${names.join(", ")}`, default: "all of them", several: true },
    options: [],
    examples: ["npm run bench", "npm run bench -- pages"],
    async run({ operands }) {
        const unknown = operands.filter((operand) => !names.some((name) => name === operand));
        if (unknown.length > 0) {
            throw new ToolError(
                unknown.map((name) => `There is no benchmark ${name}; ${instead(name, names)}`).join("\n"),
            );
        }
        await bench(operands.length === 0 ? names : names.filter((name) => operands.includes(name)));
        return 0;
    },
};
