import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parts } from "../components/parts";
import { dependencies, devDependencies } from "../package.json";
import renovate from "../renovate.json";

const root = path.join(__dirname, "..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

interface Found {
    readonly file: string;
    readonly name: string;
    readonly version: string;
}

/** What the custom managers find, as Renovate would: each pattern, everywhere in each of its files. */
const found = renovate.customManagers.flatMap(({ managerFilePatterns, matchStrings }) => {
    const patterns = managerFilePatterns.map((pattern) => new RegExp(pattern.slice(1, -1)));
    const files = readdirSync(path.join(root, "components"), { recursive: true, encoding: "utf8" })
        .map((file) => `components/${file}`)
        .filter((file) => patterns.some((pattern) => pattern.test(file)));
    return files.flatMap((file) =>
        matchStrings.flatMap((pattern) =>
            [...read(file).matchAll(new RegExp(pattern, "g"))].map(({ groups = {} }): Found => ({
                file,
                name: groups.depName ?? "",
                version: groups.currentValue ?? "",
            })),
        ),
    );
});

const goModules = ["components", "toolchain/go"]
    .flatMap((room) =>
        readdirSync(path.join(root, room), { recursive: true, encoding: "utf8" }).map((file) => `${room}/${file}`),
    )
    .filter((file) => file.endsWith("/go.mod"))
    .flatMap((file) => [...read(file).matchAll(/^(?:require )?\s*(\S+\.\S+\/\S+) v\S+/gm)].map(([, name]) => name));
const known = new Set([
    ...found.map(({ name }) => name),
    ...goModules,
    ...Object.keys({ ...dependencies, ...devDependencies }),
]);

/** The group that the rules put a dependency into: the last one that matches its name. */
const groupOf = (name: string) =>
    renovate.packageRules
        .filter((rule) => "groupName" in rule && (rule.matchDepNames as string[] | undefined)?.includes(name))
        .at(-1)?.groupName;

describe("renovate.json", () => {
    it("finds every image that runs by default, and nothing else there", () => {
        const pulled = parts.filter(({ image }) => image.builtFrom === undefined).map(({ image }) => image.standard);
        assert.deepEqual(found.map(({ name, version }) => `${name}:${version}`).sort(), [...new Set(pulled)].sort());
    });

    it("changes an image and its Go module together", () => {
        for (const [image, name, group] of [
            ["prom/prometheus", "prometheus/prometheus", "Prometheus"],
            ["prom/node-exporter", "prometheus/node_exporter", "node_exporter"],
            ["prom/blackbox-exporter", "prometheus/blackbox_exporter", "blackbox_exporter"],
            ["prom/alertmanager", "prometheus/alertmanager", "Alertmanager"],
            ["quay.io/thanos/thanos", "thanos-io/thanos", "Thanos"],
            ["caddy", "caddyserver/caddy/v2", "Caddy"],
            ["ghcr.io/google/cadvisor", "google/cadvisor", "cAdvisor"],
        ] as const) {
            const names = [image, `github.com/${name}`];
            assert.deepEqual(names.map(groupOf), [group, group]);
        }
    });

    it("changes the collector's image and all modules that its builder.yaml names together", () => {
        const named = [...read("components/collector/go/builder.yaml").matchAll(/gomod: (\S+) /g)].map(
            ([, name]) => name,
        );
        assert.ok(named.length > 5);
        for (const name of ["otel/opentelemetry-collector-contrib", ...named]) {
            assert.equal(groupOf(name ?? ""), "OpenTelemetry Collector", name);
        }
    });

    it("changes the CLI's Go module with the SDK", () =>
        assert.deepEqual(["pulumi", "github.com/pulumi/pulumi/pkg/v3"].map(groupOf), ["Pulumi", "Pulumi"]));

    it("speaks of dependencies that there are", () => {
        const named = renovate.packageRules
            .flatMap((rule): string[] => rule.matchDepNames ?? [])
            .filter((name) => !name.includes("*"));
        assert.ok(named.length > 10);
        assert.deepEqual(
            named.filter((name) => !known.has(name)),
            [],
        );
    });

    it("allows the pinned versions, and not those that CONTRIBUTING.md warns of", () => {
        const limit = (name: string) =>
            renovate.packageRules.find((rule) => "allowedVersions" in rule && rule.matchDepNames?.includes(name))
                ?.allowedVersions;
        const pinned: Record<string, string> = { ...dependencies, ...devDependencies };
        for (const name of ["@pulumi/pulumi", "@pulumi/command", "typescript", "@types/node", "dependency-cruiser"]) {
            const [, most = ""] = /^<(\d+\.\d+\.\d+)$/.exec(limit(name) ?? "") ?? [];
            assert.ok(compare(pinned[name] ?? "", most) < 0, `${name} ${pinned[name]} is not below ${most}`);
        }
        const names = ["@pulumi/pulumi", "github.com/pulumi/pulumi/pkg/v3", "@pulumi/command", "typescript"];
        assert.deepEqual(names.map(limit), ["<3.249.0", "<3.249.0", "<4.0.0", "<7.0.0"]);
    });
});

/** Negative where version a is below b. */
function compare(a: string, b: string): number {
    const [left, right] = [a, b].map((version) => version.split(".").map(Number)) as [number[], number[]];
    const at = left.findIndex((part, i) => part !== right[i]);
    return at === -1 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}
