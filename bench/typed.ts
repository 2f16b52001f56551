import type { Environment } from "../commands/environment";
import type { Checkout } from "../tests/integration/checkout";
import { ToolError } from "../toolchain/process";

/** Runs a command in a checkout as it is typed there, e.g. "npm" with ["run", "up"]. @throws ToolError with what it printed */
export async function run(
    checkout: Checkout,
    program: string,
    args: readonly string[],
    environment: Environment = {},
): Promise<void> {
    const { status, text } = await checkout.run(program, args, "", environment);
    if (status !== 0) {
        throw new ToolError(`${program} ${args.join(" ")} failed:\n${text}`);
    }
}

/** How long something takes, in seconds. */
export async function seconds(action: () => Promise<void>): Promise<number> {
    const started = performance.now();
    await action();
    return (performance.now() - started) / 1000;
}
