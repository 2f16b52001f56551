import assert from "node:assert/strict";
import { isSecret } from "@pulumi/pulumi";
import { Grafana } from "../../../components/grafana/resources";
import { Prometheus } from "../../../components/prometheus/resources";
import { Secret } from "../../../config/schema/secret";
import { declared, inputsOf, optionsOf, registered, types, unsecret, valueOf } from "../../setup";
import { common, grafanaArgs, network, prometheusArgs } from "../declared";

describe("Grafana", () => {
    const surroundings = () => {
        const shared = network();
        return {
            network: shared,
            dataSources: [new Prometheus("prometheus", { ...prometheusArgs, network: shared })],
        };
    };
    const declare = async (args: object = {}) => {
        const grafana = new Grafana("grafana", { ...grafanaArgs, ...surroundings(), ...args });
        await registered();
        return { grafana, container: inputsOf(types.container, "grafana") };
    };

    it("declares a private container with a password file", async () => {
        const { grafana, container } = await declare();
        const { entrypoints, envs, healthcheck, ...rest } = container;
        assert.deepEqual(rest, {
            ...common,
            name: "metrics-stack-test-grafana",
            image: "grafana/grafana:13.1.3",
            user: "472:0",
            memory: 512,
            memorySwap: 512,
            securityOpts: ["no-new-privileges:true"],
            networkMode: "bridge",
            networksAdvanced: [{ name: "metrics-stack-test" }],
            ports: [{ internal: 3000, external: 3000, ip: "127.0.0.1" }],
            mounts: [
                { type: "volume", source: "metrics-stack-test-grafana-data", target: "/var/lib/grafana" },
                {
                    type: "volume",
                    source: "metrics-stack-test-grafana-config",
                    target: "/etc/metrics-stack",
                    readOnly: true,
                },
            ],
            tmpfs: { "/tmp": "" },
            destroyGraceSeconds: 30,
            stopTimeout: 30,
        });
        const settings = envs as string[];
        assert.match((entrypoints as string[]).join(" "), /^\/bin\/bash -c [^]*\nexec \/run\.sh$/);
        assert.ok(settings.includes("GF_SECURITY_SECRET_KEY__FILE=/var/lib/grafana/secret-key"));
        assert.ok(settings.includes("GF_AUTH_ANONYMOUS_ENABLED=false"));
        assert.ok(settings.includes("GF_SECURITY_ADMIN_PASSWORD__FILE=/etc/metrics-stack/secrets/admin-password"));
        assert.ok(settings.includes("GF_PATHS_PROVISIONING=/etc/metrics-stack/current/provisioning"));
        assert.ok(JSON.stringify(healthcheck).includes("/api/health"));
        assert.equal(grafana.url, "http://127.0.0.1:3000");
    });

    it("is told where people find it, and keeps its cookies to HTTPS there", async () => {
        const externalUrl = "https://metrics.example.com/grafana/";
        const { grafana, container } = await declare({ externalUrl });
        const settings = (container.envs as string[]).filter((env) => /^GF_SERVER|COOKIE_SECURE/.test(env));
        assert.deepEqual(settings, [`GF_SERVER_ROOT_URL=${externalUrl}`, "GF_SECURITY_COOKIE_SECURE=true"]);
        assert.equal(grafana.url, externalUrl);
    });

    it("is verified once its Prometheus is there", async () => {
        await declare();
        assert.ok(optionsOf("grafana-config-activate").dependencies.includes("prometheus-config-activate"));
        assert.ok(!optionsOf("grafana").dependencies.includes("prometheus"));
    });

    it("delivers a declared password as a secret, and generates none", async () => {
        const { container } = await declare({ adminPassword: new Secret("hunter2") });
        const { stdin } = inputsOf(types.command, "grafana-config-secrets");
        assert.deepEqual(JSON.parse(unsecret(stdin) as string), { "admin-password": "hunter2" });
        assert.ok(!declared().includes(`${types.command} grafana-admin-password`));
        assert.doesNotMatch(JSON.stringify(container), /hunter2/);
    });

    it("generates a password where none is declared, once and unseen", async () => {
        const { grafana } = await declare();
        const generate = inputsOf(types.command, "grafana-admin-password");
        assert.equal(generate.logging, "none");
        assert.ok(!("update" in generate) && !("environment" in generate));
        assert.equal(await isSecret(grafana.adminPassword), true);
        assert.equal(await valueOf(grafana.adminPassword), "said by the command");
    });
});
