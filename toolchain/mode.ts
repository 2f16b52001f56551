import { ToolError } from "./process";

/**
 * Where a missing tool comes from. `official`: downloads and image registries. `packages`: package registries only (npm,
 * PyPI, Go modules, Debian), as behind a company's artifact proxy. `auto`: official, and packages for what it cannot have.
 */
export type Mode = "official" | "packages" | "auto";

/** Reads TOOLCHAIN from the environment. @default "auto" */
export function toolchainMode(value = process.env.TOOLCHAIN ?? "auto"): Mode {
    if (value === "official" || value === "packages" || value === "auto") {
        return value;
    }
    throw new ToolError(`TOOLCHAIN is ${JSON.stringify(value)}; write official, packages or auto.`);
}

/** The two sources of a tool. Each throws a ToolError that says why it could not provide it. */
export interface Sources<Tool> {
    readonly official: () => Promise<Tool>;
    readonly packages: () => Promise<Tool>;
}

/** Provides a tool from where the mode says. */
export async function provide<Tool>(mode: Mode, { official, packages }: Sources<Tool>): Promise<Tool> {
    if (mode === "packages") {
        return packages();
    }
    try {
        return await official();
    } catch (error) {
        if (mode === "official" || !(error instanceof ToolError)) {
            throw error;
        }
        return packages();
    }
}
