import { readFileSync } from "node:fs";
import * as path from "node:path";
import { buildSync } from "esbuild";
import type { Look } from "../../config/render/consoles/html";

let made: Look | undefined;

/** The script and the style of the pages, bundled from the folder "console", which browsers run. */
export const consoleLook = (): Look => (made ??= bundled());

/** With the licence of what is in it, as it demands. */
const licence = `/*! uPlot\n${readFileSync(require.resolve("uplot/LICENSE"), "utf8").trim()}\n*/`;

/** Source: https://esbuild.github.io/api/ */
function bundled(): Look {
    const { outputFiles } = buildSync({
        absWorkingDir: path.join(__dirname, "console"),
        entryPoints: ["main.ts", "style.css"],
        ...{ outdir: ".", write: false, bundle: true, minify: true, charset: "ascii" },
        banner: { js: licence, css: licence },
        ...{ format: "iife", target: ["es2023", "chrome120", "firefox121", "safari17"], logLevel: "silent" },
    });
    const text = (ending: string) => outputFiles.find((file) => file.path.endsWith(ending))?.text.trim() ?? "";
    return { script: text(".js"), style: text(".css") };
}
