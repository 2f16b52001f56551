import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import * as path from "node:path";
import { version } from "@pulumi/pulumi/package.json";
import * as languageRpc from "@pulumi/pulumi/proto/language_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/language_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { handler, listen } from "../shared/serve";

/**
 * The language host for machines that cannot download the official one; see toolchain/plugins/README.md. The SDK brings
 * the program that runs a Pulumi program; the host only starts it.
 * Source: https://github.com/pulumi/pulumi/tree/master/sdk/nodejs/cmd/pulumi-language-nodejs
 */

/** What a program ends with when it has already told the user why. */
const toldTheUser = 32;

const engineAddress = process.argv.at(-1) ?? "";
const running = new Set<ChildProcess>();

listen(languageRpc.LanguageRuntimeService as never, {
    getPluginInfo: handler(() => {
        const info = new plugin.PluginInfo();
        info.setVersion(version);
        return info;
    }),
    // Plugins are found on the PATH, by the types of the resources.
    getRequiredPlugins: handler(() => new rpc.GetRequiredPluginsResponse()),
    getRequiredPackages: handler(() => new rpc.GetRequiredPackagesResponse()),
    about: handler(() => {
        const response = new rpc.AboutResponse();
        response.setExecutable(process.execPath);
        response.setVersion(process.version);
        return response;
    }),
    run: handler(run),
    cancel: handler(() => {
        running.forEach((program) => program.kill("SIGTERM"));
        return new Empty();
    }),
});

async function run(request: rpc.RunRequest): Promise<rpc.RunResponse> {
    const response = new rpc.RunResponse();
    const { typescript = true, ...others } = request.getInfo()?.getOptions()?.toJavaScript() ?? {};
    const unsupported = Object.keys(others);
    if (unsupported.length > 0) {
        const named = unsupported.map((option) => `runtime.options.${option}`).join(", ");
        response.setError(
            `Pulumi.yaml: ${named} is not supported by the language host from packages; use the official one (TOOLCHAIN=official)`,
        );
        return response;
    }
    const [status, signal] = await ended(start(request, typescript === true));
    if (status === toldTheUser) {
        response.setBail(true);
    } else if (status !== 0) {
        response.setError(signal ? `the program was stopped by ${signal}` : `the program ended with status ${status}`);
    }
    return response;
}

/** @param typescript whether the SDK is to load TypeScript */
function start(request: rpc.RunRequest, typescript: boolean): ChildProcess {
    const folder = request.getPwd();
    return spawn(
        process.execPath,
        [
            ...[programRunner(folder), "--monitor", request.getMonitorAddress(), "--engine", engineAddress],
            ...["--project", request.getProject(), "--stack", request.getStack(), "--pwd", folder],
            ...["--organization", request.getOrganization(), "--parallel", String(request.getParallel())],
            ...(request.getDryrun() ? ["--dry-run"] : []),
            ...["--query-mode", "false", request.getInfo()?.getEntryPoint() || "."],
        ],
        {
            cwd: folder,
            env: {
                ...process.env,
                PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
                PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
                PULUMI_NODEJS_TYPESCRIPT: String(typescript),
            },
            stdio: ["ignore", "inherit", "inherit"],
        },
    );
}

/** The program runner of the SDK that the project itself installed. */
function programRunner(folder: string): string {
    try {
        return createRequire(path.join(folder, "index.js")).resolve("@pulumi/pulumi/cmd/run");
    } catch {
        throw new Error(`@pulumi/pulumi is not installed in ${folder}; run npm ci there`);
    }
}

function ended(program: ChildProcess): Promise<[status: number | null, signal: NodeJS.Signals | null]> {
    running.add(program);
    return new Promise((resolve, reject) => {
        program.on("error", reject);
        program.on("close", (status, signal) => {
            running.delete(program);
            resolve([status, signal]);
        });
    });
}
