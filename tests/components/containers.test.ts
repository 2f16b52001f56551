import assert from "node:assert/strict";
import type * as docker from "@pulumi/docker";
import { Alertmanager } from "../../components/alertmanager/resources";
import { Grafana } from "../../components/grafana/resources";
import { NodeExporter } from "../../components/nodeExporter/resources";
import { Prometheus } from "../../components/prometheus/resources";
import { WebBe } from "../../components/webBe/resources";
import { webBeImage } from "../../components/webBe/source";
import { created, optionsOf, registered, types } from "../setup";
import { alertmanagerArgs, grafanaArgs, network, prometheusArgs, stack } from "./declared";

// Each of these was once learned from a stack that broke; see https://www.pulumi.com/registry/packages/docker/api-docs/container/
describe("Every container", () => {
    const containers = async () => {
        const shared = network();
        new NodeExporter("node-exporter", {
            ...{ stack, image: "prom/node-exporter:v1.12.1", port: 9100, memoryLimit: 2 ** 27 },
            network: shared,
        });
        const prometheus = new Prometheus("prometheus", { ...prometheusArgs, network: shared });
        new Alertmanager("alertmanager", { ...alertmanagerArgs, network: shared });
        new Grafana("grafana", { ...grafanaArgs, network: shared, dataSources: [prometheus] });
        new WebBe("web-be", {
            stack,
            image: webBeImage(),
            port: 8000,
            bindAddress: "127.0.0.1",
            memoryLimit: 2 ** 28,
            network: shared,
        });
        await registered();
        return created
            .filter(({ type }) => type === types.container)
            .map(({ name, inputs }) => ({
                name,
                inputs: inputs as docker.ContainerArgs,
                options: optionsOf(name),
            }));
    };

    it("is replaced where the provider would only record a change or forget a failure, the old one first", async () => {
        for (const { name, options } of await containers()) {
            assert.deepEqual(options.replaceOnChanges, ["#initerror", "mounts", "healthcheck", "tmpfs", "init"], name);
            assert.equal(options.deleteBeforeReplace, true, name);
        }
    });

    it("sets memorySwap with memory: left out, every refresh would show a difference", async () => {
        for (const { name, inputs } of await containers()) {
            assert.ok(Number(inputs.memory) > 0, name);
            assert.equal(inputs.memorySwap, inputs.memory, name);
        }
    });

    it("names its network mode, and publishes no port from the host's network", async () => {
        for (const { name, inputs } of await containers()) {
            assert.ok(inputs.networkMode === "bridge" || inputs.networkMode === "host", name);
            assert.equal(inputs.networkMode === "host", inputs.ports === undefined, name);
            assert.equal(inputs.networkMode === "host", inputs.networksAdvanced === undefined, name);
        }
    });

    it("has a name of its own, without a random suffix", async () => {
        const names = (await containers()).map(({ inputs }) => inputs.name);
        assert.deepEqual(
            names.sort(),
            ["alertmanager", "grafana", "node-exporter", "prometheus", "web-be"].map(
                (role) => `metrics-stack-test-${role}`,
            ),
        );
    });

    it("publishes on loopback only", async () => {
        const ports = (await containers()).flatMap(
            ({ inputs }) => (inputs.ports as { ip: string }[] | undefined) ?? [],
        );
        assert.equal(ports.length, 4);
        assert.deepEqual([...new Set(ports.map(({ ip }) => ip))], ["127.0.0.1"]);
    });

    it("mounts a named volume wherever its image declares one, so that none is anonymous", async () => {
        const declaredByImage: Record<string, string[]> = {
            prometheus: ["/prometheus"],
            alertmanager: ["/alertmanager"],
            grafana: ["/var/lib/grafana"],
        };
        for (const { name, inputs } of await containers()) {
            const mounts = (inputs.mounts ?? []) as { type: string; source: string; target: string }[];
            const named = mounts
                .filter(({ type, source }) => type === "volume" && source !== "")
                .map(({ target }) => target);
            for (const target of declaredByImage[name] ?? []) {
                assert.ok(named.includes(target), `${name} ${target}`);
            }
        }
    });

    it("is given time to stop: without it the provider kills it at once", async () => {
        const grace = Object.fromEntries(
            (await containers()).map(({ name, inputs }) => [name, Number(inputs.destroyGraceSeconds)]),
        );
        assert.ok(grace.prometheus !== undefined && grace.prometheus >= 60);
        assert.ok(Object.values(grace).every((seconds) => seconds >= 5));
    });

    it("writes durations as Docker reports them, or every refresh would show a difference", async () => {
        for (const { name, inputs } of await containers()) {
            const check = inputs.healthcheck as Record<string, unknown>;
            for (const key of ["interval", "timeout", "startPeriod"].filter(
                (duration) => check[duration] !== undefined,
            )) {
                assert.match(String(check[key]), /^(\d+m)?\d+s$/, `${name} ${key}`);
                assert.doesNotMatch(String(check[key]), /^([6-9]\d|\d{3,})s$/, `${name} ${key}`);
            }
        }
    });
});
