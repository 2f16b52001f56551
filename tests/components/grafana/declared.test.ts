import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { parse as parseYaml } from "yaml";
import { differences } from "../../../components/grafana/delivery";
import { Grafana } from "../../../components/grafana/resources";
import { Secret } from "../../../config/schema/secret";
import { mistakes, plan } from "../../declaration";
import { inputsOf, registered, types } from "../../setup";
import { grafanaArgs, network } from "../declared";

/** Grafana as people set it up: its own configuration, data sources, folders, plugins and address. */

const declared = {
    settings: {
        smtp: {
            enabled: true,
            host: "mail.example.com:587",
            from_name: "Metrics; of #1",
            password: "smtp-not-to-be-seen",
        },
        "auth.generic_oauth": { enabled: true, client_id: "grafana", client_secret: "sso-not-to-be-seen" },
        users: { allow_sign_up: true },
    },
    dataSources: [
        { name: "Loki", type: "loki", url: "http://loki:3100", jsonData: { maxLines: 1000, derived: "$a" } },
        {
            ...{ name: "Old metrics", type: "prometheus", uid: "old", url: "https://old.example.com" },
            ...{ basicAuth: true, basicAuthUser: "grafana" },
            secureJsonData: { basicAuthPassword: "source-not-to-be-seen" },
        },
    ],
    dashboardFolders: { "Shop & Co": "dashboards/shop" },
};

const panel = (datasource: unknown, expr = "up") => ({ title: "a", datasource, targets: [{ expr }] });
const board = (uid: string, more: object = {}) => JSON.stringify({ uid, title: uid, ...more });
const files = {
    "dashboards/shop/a.json": board("a", { panels: [panel({ type: "loki", uid: "of-another-grafana" })] }),
    "dashboards/shop/b.json": board("b", {
        __inputs: [
            { name: "DS_LOKI", type: "datasource", pluginId: "loki" },
            { name: "DS_PROMETHEUS", type: "datasource", pluginId: "prometheus" },
        ],
        panels: [
            panel("${DS_LOKI}"),
            panel({ type: "prometheus", uid: "old" }),
            panel({ type: "prometheus", uid: "x" }),
        ],
    }),
};

const rendered = (raw: object = declared, around: Readonly<Record<string, string>> = files) => {
    const part = plan({ grafana: raw }, around).parts.find((each) => each.part.key === "grafana");
    assert.ok(part);
    return part;
};

describe("Grafana as it is declared", () => {
    it("has its configuration in a file, and no secret in it", () => {
        const { files: all, secretFiles } = rendered();
        assert.equal(
            all["grafana.ini"],
            [
                "[auth.generic_oauth]\nclient_id = grafana",
                "client_secret = $__file{/etc/metrics-stack/secrets/setting.auth.generic_oauth.client_secret}",
                "enabled = true\n\n[smtp]\nenabled = true",
                'from_name = """Metrics; of #1"""\nhost = mail.example.com:587',
                "password = $__file{/etc/metrics-stack/secrets/setting.smtp.password}\n\n[users]\nallow_sign_up = true\n",
            ].join("\n"),
        );
        assert.ok(!JSON.stringify(all).includes("not-to-be-seen"));
        assert.equal(secretFiles["setting.smtp.password"]?.reveal(), "smtp-not-to-be-seen");
        assert.equal(rendered({}).files["grafana.ini"], undefined);
    });

    it("has data sources beside its own, their secrets in files", () => {
        const { files: all, secretFiles } = rendered();
        const [, loki, old] = parseYaml(all["provisioning/datasources/prometheus.yml"] ?? "").datasources;
        assert.deepEqual(loki, {
            ...{ name: "Loki", type: "loki", url: "http://loki:3100", uid: "loki" },
            ...{ access: "proxy", isDefault: false, editable: false, jsonData: { maxLines: 1000, derived: "$$a" } },
        });
        assert.deepEqual(old.secureJsonData, {
            basicAuthPassword: "$__file{/etc/metrics-stack/secrets/datasource.old.basicAuthPassword}",
        });
        assert.equal(secretFiles["datasource.old.basicAuthPassword"]?.reveal(), "source-not-to-be-seen");
    });

    it("has another address in place of its own, for dashboards that stay as they are", () => {
        const dashboardSource = {
            ...{ url: "https://mimir.example.com/prometheus", basicAuth: true, basicAuthUser: "grafana" },
            jsonData: { prometheusType: "Mimir" },
            secureJsonData: { basicAuthPassword: "source-not-to-be-seen" },
        };
        const { files: before } = rendered({});
        const { files: all, secretFiles } = rendered({ dashboardSource });
        const file = "provisioning/datasources/prometheus.yml";
        const name = "datasource.metrics-stack-prometheus.basicAuthPassword";
        assert.deepEqual(parseYaml(all[file] ?? "").datasources, [
            {
                ...{ name: "Prometheus", uid: "metrics-stack-prometheus", type: "prometheus", access: "proxy" },
                ...{
                    url: dashboardSource.url,
                    basicAuth: true,
                    basicAuthUser: "grafana",
                    isDefault: true,
                    editable: false,
                },
                jsonData: { httpMethod: "POST", prometheusType: "Mimir", timeInterval: "15s" },
                secureJsonData: { basicAuthPassword: `$__file{/etc/metrics-stack/secrets/${name}}` },
            },
        ]);
        assert.equal(secretFiles[name]?.reveal(), "source-not-to-be-seen");
        assert.deepEqual({ ...all, [file]: "" }, { ...before, [file]: "" });
    });

    it("has folders of dashboards, which ask the data sources of their kind", () => {
        const { files: all } = rendered();
        const [, folder] = parseYaml(all["provisioning/dashboards/dashboards.yml"] ?? "").providers;
        assert.equal(folder.folder, "Shop & Co");
        const read = (name: string) => JSON.parse(all[`folders/${folder.name}/${name}.json`] ?? "");
        assert.deepEqual(read("a").panels[0].datasource, { type: "loki", uid: "loki" });
        assert.deepEqual(
            read("b").panels.map(({ datasource }: { datasource: unknown }) => datasource),
            ["loki", { type: "prometheus", uid: "old" }, { type: "prometheus", uid: "metrics-stack-prometheus" }],
        );
    });

    it("says in a preview which file of a folder is wrong", () => {
        const said = mistakes({ grafana: declared }, undefined, { ...files, "dashboards/shop/c.json": board("a") });
        assert.match(
            said.join("\n"),
            /grafana\.dashboardFolders\["Shop & Co"\]: "dashboards\/shop\/c\.json" has the uid "a"/,
        );
    });

    for (const [what, grafana, expected] of [
        [
            "its database",
            { settings: { database: { type: "postgres" } } },
            /settings\.database\.type: is not for this stack/,
        ],
        ["its address", { settings: { server: { root_url: "https://a" } } }, /root_url: .*write externalUrl$/],
        ["the password", { settings: { security: { admin_password: "a" } } }, /admin_password: .*write adminPassword$/],
        [
            "a word in place of keys",
            { settings: { smtp: "on" } },
            /settings\.smtp: "on" is not an object|settings\.smtp: /,
        ],
        [
            "a list in place of a value",
            { settings: { smtp: { host: ["a"] } } },
            /settings\.smtp\.host: is no text on one line/,
        ],
        [
            "a plugin of any version",
            { plugins: ["grafana-clock-panel"] },
            /plugins\[0\]: .*is not a plugin with its version/,
        ],
        [
            "its own name",
            { dataSources: [{ name: "Prometheus", type: "loki" }] },
            /dataSources\[0\]\.name: "Prometheus" is taken/,
        ],
        [
            "a data source in its own container",
            { dataSources: [{ name: "Loki", type: "loki", url: "http://localhost:3100" }] },
            /dataSources\[0\]\.url: "http:\/\/localhost:3100" is Grafana's own container to itself/,
        ],
        [
            "its own container for the dashboards",
            { dashboardSource: { url: "http://localhost:9090" } },
            /dashboardSource\.url: "http:\/\/localhost:9090" is Grafana's own container to itself/,
        ],
        ["no address for the dashboards", { dashboardSource: {} }, /dashboardSource\.url: is missing/],
        [
            "a secret that Grafana would change",
            { dataSources: [{ name: "a", type: "loki", secureJsonData: { password: "a$b" } }] },
            /secureJsonData\.password: has a \$, which Grafana takes/,
        ],
        [
            "a folder with nothing",
            { dashboardFolders: { Shop: "nowhere" } },
            /"nowhere" holds no file that ends in \.json/,
        ],
    ] as const) {
        it(`is refused with ${what}`, () => assert.match(mistakes({ grafana }).join("\n"), expected));
    }

    it("is refused with a secret in plain text", () =>
        assert.match(
            mistakes({ grafana: { settings: { smtp: { password: "a" } } } }, []).join(),
            /password: is in plain text/,
        ));

    it("has a container with what Grafana reads from nowhere else, and no secret in it", async () => {
        const more = {
            ...{ externalUrl: "https://metrics.example.com/grafana/", plugins: ["grafana-clock-panel@2.1.9"] },
            ...{ settings: { users: { allow_sign_up: true }, smtp: { password: new Secret("hunter2") } } },
            ...{ asksOthers: true, joinNetworks: ["shop_default"], secretFiles: { a: new Secret("hunter2") } },
        };
        const grafana = new Grafana("grafana", { ...grafanaArgs, network: network(), dataSources: [], ...more });
        await registered();
        const container = inputsOf(types.container, "grafana");
        const envs = container.envs as string[];
        assert.ok(envs.includes("GF_SERVER_ROOT_URL=https://metrics.example.com/grafana/"));
        assert.ok(envs.includes("GF_PLUGINS_PREINSTALL_SYNC=grafana-clock-panel@2.1.9"));
        assert.deepEqual(
            envs.filter((each) => each.startsWith("GF_USERS_ALLOW_SIGN_UP")),
            [],
        );
        assert.match(
            JSON.stringify(container.entrypoints),
            /GF_PATHS_CONFIG=\/etc\/metrics-stack\/current\/grafana\.ini/,
        );
        assert.deepEqual(container.networksAdvanced, [{ name: "metrics-stack-test" }, { name: "shop_default" }]);
        assert.ok(!JSON.stringify(container).includes("hunter2"));
        assert.equal(grafana.url, "https://metrics.example.com/grafana/");
    });
});

describe("Grafana is restarted", () => {
    /** What the look at a volume says where a deployment is over, and then something is done. */
    function looked(done: string): string {
        const folder = mkdtempSync(path.join(tmpdir(), "grafana-"));
        const before = `
            mkdir -p releases/1 releases/2 secrets && ln -s releases/1 loaded && ln -s releases/2 current
            for release in 1 2; do echo a > releases/$release/grafana.ini; done
            echo b > secrets/setting.smtp.password && echo c > secrets/datasource.old.password
            sha256sum secrets/* > deployed`;
        const { stdout, stderr } = spawnSync("sh", ["-c", `${before}\n${done}\nsh -c "$0" .`, differences], {
            cwd: folder,
            encoding: "utf8",
        });
        rmSync(folder, { recursive: true });
        assert.equal(stderr, "");
        return stdout.trim();
    }

    for (const [what, done, expected] of [
        ["for nothing where nothing changed", "", ""],
        ["for another configuration", "echo x > releases/2/grafana.ini", "ini"],
        ["for the first one", "rm releases/1/grafana.ini", "ini"],
        ["for the last one that is gone", "rm releases/2/grafana.ini", "ini"],
        ["for nothing where there is none", "rm releases/*/grafana.ini", ""],
        ["for another secret of it", "echo x > secrets/setting.smtp.password", "secrets/setting.smtp.password"],
        [
            "and not for one of a data source",
            "echo x > secrets/datasource.old.password",
            "secrets/datasource.old.password",
        ],
        ["for nothing where it has just been started", "rm deployed; echo x > releases/2/grafana.ini", ""],
    ] as const) {
        it(what, () => assert.equal(looked(done), expected));
    }
});

describe("The double of Grafana", function () {
    this.timeout(30_000);

    it("takes what is declared, and refuses a secret that is not there", () => {
        const folder = mkdtempSync(path.join(tmpdir(), "grafana-"));
        const { files: all, secretFiles } = rendered();
        const secrets = { ...secretFiles, "admin-password": new Secret("a-long-password") };
        const place = (text: string) =>
            text
                .replaceAll("/etc/metrics-stack", folder)
                .replaceAll(`${folder}/dashboards`, `${folder}/current/dashboards`);
        const write = (name: string, text: string) => {
            mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
            writeFileSync(path.join(folder, name), text);
        };
        Object.entries(all).forEach(([name, text]) => write(`current/${name}`, place(text)));
        Object.entries(secrets).forEach(([name, secret]) => write(`secrets/${name}`, secret.reveal()));
        const start = () =>
            spawnSync(
                "timeout",
                ["4", "python3", path.join(__dirname, "../../integration/grafana_double/grafana"), "server"],
                {
                    encoding: "utf8",
                    env: {
                        ...process.env,
                        ...{ GF_PATHS_DATA: folder, GF_PATHS_PROVISIONING: `${folder}/current/provisioning` },
                        ...{ GF_PATHS_CONFIG: `${folder}/current/grafana.ini`, GF_SERVER_HTTP_PORT: "0" },
                        ...{ GF_SECURITY_SECRET_KEY: "k".repeat(32), GF_AUTH_ANONYMOUS_ENABLED: "false" },
                    },
                },
            );
        const { status, stderr } = start();
        assert.equal(status === 0 || status === 124, true, stderr); // It runs until it is ended.
        rmSync(path.join(folder, "secrets/datasource.old.basicAuthPassword"));
        assert.match(start().stderr, /No such file.*datasource\.old\.basicAuthPassword/);
        rmSync(folder, { recursive: true });
    });
});
