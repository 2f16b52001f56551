import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { chromium } from "playwright-core";
import { installPackages } from "../../toolchain/debian";
import { find } from "../../toolchain/process";

/** By the names that Debian and GitHub's runners have for it. */
const program = () => find("chromium") ?? find("google-chrome");

/** Ubuntu's package of this name asks for a store of another kind. */
const isDebian = () => {
    try {
        return /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
    } catch {
        return false;
    }
};

/** Why this machine has no Chromium. @returns undefined where it has one, or can have it */
export function noBrowser(): string | undefined {
    return program() || (process.getuid?.() === 0 && isDebian())
        ? undefined
        : "there is no Chromium, and Debian's cannot be installed";
}

/**
 * Chromium, without a window. It is Debian's, since playwright's own comes from a server that a closed network does not reach.
 * Source: https://playwright.dev/docs/api/class-browsertype#browser-type-launch
 */
export async function startBrowser(): Promise<Browser> {
    if (!program()) {
        await installPackages(["chromium", "fonts-roboto-unhinted"]);
    }
    return chromium.launch({ executablePath: program() ?? "chromium" });
}
