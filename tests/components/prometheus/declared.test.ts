import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { parse as parseYaml } from "yaml";
import { declaredIn } from "../../../components/prometheus/declared";
import type { Files } from "../../../config/render/files";
import { renderPrometheusFiles } from "../../../components/prometheus/files";
import { job, parse } from "../../declaration";

interface Group {
    readonly name: string;
    readonly rules: readonly { readonly alert: string }[];
}

describe("What a release declares", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-declared-"));
    const { env } = process;
    after(() => {
        process.env = env;
        rmSync(folder, { recursive: true });
    });

    it("is read from its files as they were rendered", () => {
        const group = (targets: string[], labels = {}) => ({ targets, labels });
        const config = parse({
            scrapeJobs: [
                { ...job("web.yml-1"), staticConfigs: [group(["a:1", "b:1"], { on: "x.yml:1" }), group(["c:1"])] },
                job("on", { host: {} }),
                job('Server "Monitoring": a\\b', {}, ["on:1"]),
            ],
        });
        const own = {
            "own-rules/rules/shop 1.yml":
                "groups:\n- rules:\n  - expr: up\n    alert: 가게\n\n  - {record: 'a:b', expr: up}\n  name: x:y",
            "own-rules/rules/deep/shop 1.yml": "# rules: [\n---\ngroups: [{name: x, rules: }]\n---\n",
            "own-rules/none.yml": "",
        };
        const files: Files = { ...renderPrometheusFiles(config, config.scrapeJobs), ...own };
        for (const [name, content] of Object.entries(files)) {
            const file = path.join(folder, name.startsWith("targets/") ? "" : "releases/1", name);
            mkdirSync(path.dirname(file), { recursive: true });
            writeFileSync(file, content);
        }
        symlinkSync("releases/1", path.join(folder, "current"));
        // A docker that runs what it is to run in a container.
        writeFileSync(path.join(folder, "docker"), '#!/bin/sh\nshift 2 && exec "$@"\n', { mode: 0o755 });
        const PATH = `${folder}:${env.PATH}`;
        process.env = { ...env, PATH, MOUNT_PATH: folder, WATCHED_FOLDER: "targets" };

        const { config: read, targets, rules } = declaredIn("container");
        assert.equal(read.scrape_configs.length, 3);
        assert.deepEqual(
            [...targets].sort((a, b) => (a.address < b.address ? -1 : 1)),
            [
                { job: "web.yml-1", address: "a:1", labels: { on: "x.yml:1" } },
                { job: "web.yml-1", address: "b:1", labels: { on: "x.yml:1" } },
                { job: "web.yml-1", address: "c:1", labels: {} },
                { job: 'Server "Monitoring": a\\b', address: "on:1", labels: {} },
                { job: "on", address: "on:8000", labels: {} },
            ],
        );
        const rendered = Object.entries(files).filter(([name]) => name.startsWith("rules/"));
        const groups = rendered.flatMap(([, content]) => parseYaml(content).groups as Group[]);
        assert.deepEqual(
            [...rules].sort(),
            [
                ...groups.flatMap((each) => each.rules.map(({ alert }) => `${each.name} ${alert}`)),
                ...["x:y 가게", "x:y a:b"],
            ].sort(),
        );
    });
});
