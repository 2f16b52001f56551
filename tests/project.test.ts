import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parse as parseYaml } from "yaml";
import { files } from "./documentation";
import { images } from "./images";
import { builtInProfiles } from "../config/schema/profiles";
import lock from "../package-lock.json";
import { dependencies, devDependencies } from "../package.json";
import { pulumiTool } from "../toolchain/go";
import { parse } from "./declaration";

const root = path.join(__dirname, "..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

describe("The project's files", () => {
    it("Pulumi.yaml declares no key of the stack: without a default Pulumi would demand it of every stack", () => {
        const { name, runtime, config } = parseYaml(read("Pulumi.yaml"));
        assert.deepEqual([name, runtime.name], ["metrics-stack", "nodejs"]);
        assert.deepEqual(config, { "pulumi:disable-default-providers": { value: ["docker"] } });
    });

    const declared = (stack: string) => {
        const { config, ...rest } = parseYaml(read(`Pulumi.${stack}.yaml`));
        assert.deepEqual(rest, {});
        const entries = Object.entries(config).map(([key, value]) => [key.replace("metrics-stack:", ""), value]);
        return parse(Object.fromEntries(entries));
    };

    it("Pulumi.dev.yaml is a valid declaration with the example service", () => {
        assert.ok(declared("dev").webBe);
    });

    it("Pulumi.prod.yaml is a valid declaration for another host, whose alerts reach somebody", () => {
        const { dockerHost, alertmanager, webBe } = declared("prod");
        assert.match(dockerHost ?? "", /^ssh:/);
        assert.equal(alertmanager?.receivers.length, 1);
        assert.equal(webBe, undefined);
    });

    it("package.json pins exact versions, and the lock file agrees", () => {
        const packages = lock.packages as Record<string, { version?: string }>;
        for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
            assert.match(version, /^\d+\.\d+\.\d+$/, name);
            assert.equal(packages[`node_modules/${name}`]?.version, version, name);
        }
    });

    it("has one copy of @pulumi/pulumi: the plugins' SDKs must share it", () => {
        assert.deepEqual(
            Object.keys(lock.packages).filter((name) => name.endsWith("node_modules/@pulumi/pulumi")),
            ["node_modules/@pulumi/pulumi"],
        );
    });

    it("has no compiled index.js, which Pulumi would run instead of index.ts", () => {
        assert.ok(!existsSync(path.join(root, "index.js")));
    });

    const version = (part: string, name: string) =>
        new RegExp(`^\\s*(?:require )?${name} v(\\S+)`, "m").exec(read(`components/${part}/go/go.mod`))?.[1];

    it("builds the versions that it pulls", () => {
        // Prometheus' module v0.313.5 is its release 3.13.5.
        assert.equal(version("prometheus", "github.com/prometheus/prometheus"), "0.313.5");
        assert.equal(images.prometheus, "prom/prometheus:v3.13.5");
        const exporter = version("nodeExporter", "github.com/prometheus/node_exporter");
        assert.equal(images.nodeExporter, `prom/node-exporter:v${exporter}`);
        const prober = version("blackboxExporter", "github.com/prometheus/blackbox_exporter");
        assert.equal(images.blackboxExporter, `prom/blackbox-exporter:v${prober}`);
        assert.equal(images.door, `caddy:${version("caddy", "github.com/caddyserver/caddy/v2")}`);
        const cadvisor = version("cadvisor", "github.com/google/cadvisor");
        assert.equal(images.cadvisor, `ghcr.io/google/cadvisor:${cadvisor}`);
        assert.equal(images.thanos, `quay.io/thanos/thanos:v${version("thanos", "github.com/thanos-io/thanos")}`);
        const alertmanager = version("alertmanager", "github.com/prometheus/alertmanager");
        assert.equal(images.alertmanager, `prom/alertmanager:v${alertmanager}`);
        const collector = version("collector", "go.opentelemetry.io/collector/otelcol");
        assert.equal(images.collector, `otel/opentelemetry-collector-contrib:${collector}`);
    });

    it("has the collector's sources as they were made from its builder.yaml", () => {
        const folder = "components/collector/go";
        const named = [...read(`${folder}/builder.yaml`).matchAll(/gomod: (\S+) (\S+)$/gm)];
        assert.ok(named.length > 5);
        for (const [, name, wanted] of named) {
            assert.equal(version("collector", name ?? ""), wanted?.slice(1), name);
            assert.ok(
                /provider/.test(name ?? "") || read(`${folder}/components.go`).includes(`"${name} ${wanted}"`),
                name,
            );
        }
    });

    it("builds the CLI of the SDK's own version", () => {
        const cli = dependencies["@pulumi/pulumi"];
        assert.match(
            read("toolchain/go/pulumi/go.mod"),
            new RegExp(`^\\s+github.com/pulumi/pulumi/pkg/v3 v${cli} `, "m"),
        );
        assert.ok(pulumiTool.version?.endsWith(`=v${cli}`));
    });

    it("has the toolchain of a workflow built anew when a Go module changes, or how an image is made", () => {
        const [, patterns = ""] = /hashFiles\((.*?)\)/.exec(read(".github/actions/setup/action.yml")) ?? [];
        const hashed = files(...[...patterns.matchAll(/'(.*?)'/g)].map(([, pattern]) => `:(glob)${pattern}`));
        const building = files("*go.mod", "*go.sum", "components/*.go", "components/*image.ts", "toolchain/*");
        assert.deepEqual(
            building.filter((file) => !hashed.includes(file)),
            [],
        );
    });

    it("knows the names under which the examples expose their metrics; their own tests say that they do", () => {
        assert.deepEqual(JSON.parse(read("examples/web_be/profile.json")), builtInProfiles.fastapi);
        assert.deepEqual(JSON.parse(read("examples/otel/profile.json")), builtInProfiles.opentelemetry);
    });
});
