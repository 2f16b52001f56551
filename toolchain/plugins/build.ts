import { chmodSync } from "node:fs";
import * as path from "node:path";
import { build } from "esbuild";

/** The programs that the engine looks for on the PATH, by the folder of their source. */
const programs = {
    docker: "pulumi-resource-docker",
    command: "pulumi-resource-command",
    "language-nodejs": "pulumi-language-nodejs",
};

/** Bundles the plugins into executable files of a folder. */
export async function buildPlugins(folder: string): Promise<void> {
    for (const [source, program] of Object.entries(programs)) {
        const outfile = path.join(folder, program);
        await build({
            entryPoints: [path.join(__dirname, source, "main.ts")],
            outfile,
            bundle: true,
            platform: "node",
            target: "node20",
            minifySyntax: true,
            legalComments: "inline",
            logLevel: "error",
            banner: { js: "#!/usr/bin/env node" },
            // Native helpers of the ssh client, which is not used.
            loader: { ".node": "empty" },
            external: ["cpu-features"],
        });
        chmodSync(outfile, 0o755);
    }
}
