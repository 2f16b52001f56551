import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { renderConsoles } from "../../../config/render/consoles";
import type { Page } from "../../../config/render/consoles/page";
import { library, template } from "../../../config/render/consoles/template";
import { dashboardsOf } from "../../../config/render/dashboards";
import type { Files } from "../../../config/render/files";
import { job, ownJob, parse } from "../../declaration";
import { assertGolden } from "../../golden";

const look = { script: "script();\n// two lines", style: "body{}" };

function rendered(raw: Record<string, unknown> = {}) {
    const jobs = [ownJob("prometheus", raw), ...parse(raw).scrapeJobs];
    return { files: renderConsoles(parse(raw), jobs, look), dashboards: dashboardsOf(parse(raw), jobs) };
}

/** What Prometheus makes of a template, and of what it has of the library. */
function expanded(text = "", lib = library(look)): string {
    const shared = [...lib.matchAll(/\{\{ define "(\w+)" \}\}(.*?)\{\{ end \}\}\n/gs)];
    return text
        .replace(/^\{\{\/\* .* \*\/\}\}/, "")
        .replaceAll(/\{\{ template "(\w+)" \}\}/g, (_, name) => shared.find(([, each]) => each === name)?.[2] ?? "")
        .replaceAll(/\{\{ safeHtml ("(?:[^"\\]|\\.)*") \}\}/g, (_, quoted: string) => JSON.parse(quoted));
}

const pageFiles = (files: Files) => Object.values(files).filter((text) => text.includes("application/json"));

/** What the browser reads of a page. */
const pageIn = (file?: string): Page =>
    JSON.parse(/<script type="application\/json" id="page">(.*?)<\/script>/s.exec(expanded(file))?.[1] ?? "");

const hosts = { scrapeJobs: [job("machines", { host: {} }), job("web", { application: {} })] };

describe("The pages under /consoles/", () => {
    it("are one for each dashboard, one that leads to the first, and what they have in common", () => {
        assert.deepEqual(Object.keys(rendered(hosts).files), [
            ...["consoles/index.html", "consoles/look.lib", "consoles/overview.html", "consoles/prometheus.html"],
            ...["consoles/host.html", "consoles/application-fastapi.html"],
        ]);
    });

    it("have the script and the style of all in them, which are delivered once", () => {
        const { files } = rendered(hosts);
        for (const file of pageFiles(files)) {
            assert.ok(expanded(file, files["consoles/look.lib"]).includes(`<script>${look.script}</script>`));
            assert.ok(!file.includes("two lines"));
        }
    });

    it("name the checksum of what is served", () => {
        const { files } = rendered(hosts);
        for (const file of pageFiles(files)) {
            const served = createHash("sha256").update(expanded(file)).digest("hex");
            assert.ok(file.startsWith(`{{/* sha256 ${served} */}}`));
        }
    });

    it("have what Grafana's dashboards are drawn from, each panel of it", () => {
        const { files, dashboards } = rendered(hosts);
        const pages = pageFiles(files).map(pageIn);
        assert.deepEqual(
            pages.map(({ dashboard }) => dashboard),
            JSON.parse(JSON.stringify(dashboards)),
        );
    });

    it("have the same bytes for the same declaration", () => assertGolden("consoles", rendered().files));

    it("ask as far back as the job that is scraped least often needs", () => {
        const { files } = rendered({ scrapeJobs: [job("slow", { scrapeInterval: "4m" })] });
        assert.equal(pageIn(files["consoles/overview.html"]).lookback, 600_000);
        assert.equal(pageIn(rendered().files["consoles/overview.html"]).lookback, undefined);
    });

    it("run their own script only, and ask nobody but the server that they came from", () => {
        const page = expanded(rendered().files["consoles/overview.html"]);
        const sha = createHash("sha256").update(look.script).digest("base64");
        assert.ok(page.includes(`default-src 'none'; script-src 'sha256-${sha}';`));
        assert.ok(page.includes("connect-src 'self';"));
        assert.doesNotMatch(page, /\b(src|href)="(?!data:,")/);
    });

    it("take a job's name for what it is, and not for a variable", () => {
        const { files } = rendered({
            scrapeJobs: [job("a$job$", { host: {}, staticConfigs: [{ targets: ["a:1"] }] })],
        });
        assert.equal(pageIn(files["consoles/host.html"]).dashboard.variables[0]?.all, "a[$]job[$]");
    });

    it("keep a declared text from being HTML or script", () => {
        const hostile = "</script><script>alert(1)</script><!--";
        const runbookUrl = `https://example.com/${hostile}`;
        const { files } = rendered({ alerts: { runbookUrl } });
        const file = files["consoles/overview.html"] ?? "";
        assert.equal(expanded(file).match(/<script/g)?.length, 2);
        assert.ok(JSON.stringify(pageIn(file)).includes(JSON.stringify(runbookUrl).slice(1, -1)));
    });
});

describe("A template of a page", () => {
    const text = 'a {{ . }} "b" \\ `c` </script> /* d */ // e\n\n<!-- \u2028 \u0007 é 😀';

    it("is served as the page", () => assert.equal(expanded(template(text)), text));

    it("has no action but those that say what is HTML, and the checksum of what is served", () => {
        const outsideOfStrings = template(text).replaceAll(/"(?:[^"\\]|\\.)*"/g, "");
        const checksum = createHash("sha256").update(text).digest("hex");
        assert.equal(outsideOfStrings, `{{/* sha256 ${checksum} */}}{{ safeHtml  }}\n\n{{ safeHtml  }}`);
    });

    it("has no half of a character, which Go would refuse", () => {
        assert.equal(expanded(template("\ud83d!")), "\ufffd!");
    });
});
