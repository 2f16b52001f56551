import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import type * as esbuild from "esbuild";
import type { Look } from "../../config/render/consoles/html";
import { contentHash } from "../../toolchain/cache";
import { keep, kept } from "../../toolchain/kept";

const folder = path.join(__dirname, "console");

let look: Look | undefined;

/** The script and the style of the pages, made of the folder "console", which browsers run. */
export const consoleLook = (): Look => (look ??= keptLook());

/** To bundle them takes longer than all else of a preview that is not Pulumi's: it is done once for what they are made of. */
function keptLook(): Look {
    const sources = [
        path.join(__dirname, "consoles.ts"),
        ...readdirSync(folder)
            .sort()
            .map((file) => path.join(folder, file)),
        ...["esbuild", "uplot"].map((name) => require.resolve(`${name}/package.json`)),
    ];
    const name = `console-${contentHash(sources)}.json`;
    const found = kept(name);
    if (found) {
        return JSON.parse(String(found)) as Look;
    }
    const made = bundled();
    keep(name, Buffer.from(JSON.stringify(made)));
    return made;
}

/** Source: https://esbuild.github.io/api/ */
function bundled(): Look {
    // Loaded only here: most runs do without, and it takes its time too.
    const { buildSync } = createRequire(__filename)("esbuild") as typeof esbuild;
    // The licence of what is in them goes along, as it demands.
    const licence = `/*! uPlot\n${readFileSync(require.resolve("uplot/LICENSE"), "utf8").trim()}\n*/`;
    const { outputFiles } = buildSync({
        absWorkingDir: folder,
        entryPoints: ["main.ts", "style.css"],
        ...{ outdir: ".", write: false, bundle: true, minify: true, charset: "ascii" },
        banner: { js: licence, css: licence },
        ...{ format: "iife", target: ["es2023", "chrome120", "firefox121", "safari17"], logLevel: "silent" },
    });
    const text = (ending: string) => outputFiles.find((file) => file.path.endsWith(ending))?.text.trim() ?? "";
    return { script: text(".js"), style: text(".css") };
}
