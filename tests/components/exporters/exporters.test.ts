import assert from "node:assert/strict";
import { mistakes, plan } from "../../declaration";

const redis = { name: "redis", image: "oliver006/redis_exporter:v1.88.0", port: 9121 };
const pushgateway = { name: "push", image: "prom/pushgateway:v1.11.3", port: 9091 };

describe("What is declared in exporters", () => {
    it("is a part and a job each, the declared jobs behind them", () => {
        const scrapeJobs = [{ jobName: "shop", staticConfigs: [{ targets: ["shop:80"] }] }];
        const { parts, published } = plan({ exporters: [redis, pushgateway], scrapeJobs });
        assert.deepEqual(
            parts.slice(-2).map(({ part, image }) => [part.title, part.role, image]),
            [
                ["redis", "exporter-redis", redis.image],
                ["push", "exporter-push", pushgateway.image],
            ],
        );
        assert.deepEqual(
            published.jobs.slice(-3).map(({ jobName, staticConfigs }) => [jobName, staticConfigs[0]?.targets]),
            [
                ["redis", ["metrics-stack-test-exporter-redis:9121"]],
                ["push", ["metrics-stack-test-exporter-push:9091"]],
                ["shop", ["shop:80"]],
            ],
        );
    });

    it("is scraped as its job says", () => {
        const job = { metricsPath: "/scrape", scrapeInterval: "1m", honorLabels: true, labels: { team: "shop" } };
        const { published } = plan({ exporters: [{ ...redis, scrapeJob: job }] });
        const { metricsPath, scrapeInterval, honorLabels, staticConfigs } = published.jobs.at(-1) ?? assert.fail();
        assert.deepEqual(
            [metricsPath, scrapeInterval, honorLabels, staticConfigs[0]?.labels],
            ["/scrape", 60_000, true, { team: "shop" }],
        );
    });

    it("has its files and its secrets, whichever way the program has them", () => {
        const exporter = {
            ...redis,
            program: ["/redis_exporter"],
            files: { "keys.lua": "exporters/keys.lua" },
            secretFiles: { "my.cnf": "[client]\npassword=hunter2\n" },
            secretEnvironment: { REDIS_PASSWORD: "hunter3" },
        };
        const { parts } = plan({ exporters: [exporter] }, { "exporters/keys.lua": "return {}\n" });
        const { files, secretFiles, shell } = parts.at(-1) ?? assert.fail();
        assert.deepEqual(files, { "keys.lua": "return {}\n" });
        assert.equal(secretFiles["my.cnf"]?.reveal(), "[client]\npassword=hunter2\n");
        assert.equal(secretFiles.REDIS_PASSWORD?.reveal(), "hunter3");
        assert.equal(shell, parts[0]?.image, "its image may have no shell");
    });

    it("is off where it says so", () => {
        const { parts, published } = plan({ exporters: [{ ...redis, enabled: false }, pushgateway] });
        assert.ok(!parts.some(({ part }) => part.title === "redis"));
        assert.equal(published.jobs.at(-1)?.jobName, "push");
        assert.deepEqual(parts.at(-1)?.part.path, ["exporters", 1]);
    });

    it("wants of the Docker host what it joins, mounts and publishes", () => {
        const exporter = {
            ...redis,
            joinNetworks: ["shop_default"],
            mounts: [
                { source: "/proc", target: "/host/proc" },
                { source: "shop_data", target: "/data" },
            ],
            publishedPort: 9200,
        };
        const { wanted } = plan({ network: { join: ["blog_default"] }, exporters: [pushgateway, exporter] });
        assert.deepEqual(wanted.networks, [
            { name: "blog_default", path: ["network", "join", 0] },
            { name: "shop_default", path: ["exporters", 1, "joinNetworks", 0] },
        ]);
        assert.deepEqual(wanted.volumes, [{ name: "shop_data", path: ["exporters", 1, "mounts", 1, "source"] }]);
        assert.deepEqual(wanted.listeners.at(-1), {
            ...{ owner: "exporters[1]", path: ["exporters", 1, "publishedPort"] },
            ...{ address: "127.0.0.1", port: 9200 },
        });
    });
});

describe("An exporter is refused", () => {
    const refused: readonly (readonly [why: string, exporter: object, words: RegExp, more?: object])[] = [
        ["without an image", { image: undefined }, /exporters\[0\]\.image: is missing; write one, such as/],
        [
            "with an image that moves",
            { image: "a/b:latest" },
            /exporters\[0\]\.image: "a\/b:latest" is not an image with/,
        ],
        ["without a port", { port: undefined }, /exporters\[0\]\.port: is missing/],
        [
            "with a name that is no host's",
            { name: "Redis 1" },
            /exporters\[0\]\.name: "Redis 1" is not a name of at most 32/,
        ],
        ["with a misspelled key", { imgae: "x" }, /exporters\[0\]\.imgae: is not a known key; did you mean image\?/],
        [
            "with the name of a job",
            { name: "shop" },
            /scrapeJobs\[0\]\.jobName: "shop" is already the name of exporters\[0\]/,
            { scrapeJobs: [{ jobName: "shop", staticConfigs: [{ targets: ["shop:80"] }] }] },
        ],
        [
            "with the name of a job of the stack's own",
            { name: "prometheus" },
            /exporters\[0\]\.name: "prometheus" is already the name of the stack's own/,
        ],
        [
            "with a port of another part",
            { publishedPort: 9090 },
            /exporters\[0\]\.publishedPort: 9090 is already the port of prometheus/,
        ],
        [
            "with a file that is not there",
            { files: { "a.yml": "nowhere.yml" } },
            /files(\.|\[")a\.yml"?\]?: "nowhere\.yml" cannot be read/,
        ],
        [
            "with a readable password",
            { environment: { REDIS_PASSWORD: "x" } },
            /environment\.REDIS_PASSWORD: would stand readable/,
        ],
        [
            "with a readable login",
            { environment: { DATA_SOURCE_NAME: "postgresql://a:b@db/x" } },
            /environment\.DATA_SOURCE_NAME: would stand readable/,
        ],
        [
            "with a readable login as an argument",
            { command: ["--uri=mongodb://a:b@db/"] },
            /command\[0\]: would stand readable/,
        ],
        [
            "with secret variables and no program",
            { secretEnvironment: { A: "x" } },
            /program: is missing; write the image's ENTRYPOINT/,
        ],
        [
            "with a variable that is in two places",
            { program: ["/x"], environment: { A: "y" }, secretEnvironment: { A: "x" } },
            /secretEnvironment\.A: stands in environment too/,
        ],
        [
            "with a mount over its own files",
            { mounts: [{ source: "a_b", target: "/etc/exporter" }] },
            /mounts\[0\]\.target: "\/etc\/exporter" is where the exporter's own/,
        ],
        [
            "with a mount over another",
            { mounts: [{ source: "/a", target: "/c" }], tmpfs: ["/c"] },
            /tmpfs\[0\]: "\/c" is in use already/,
        ],
        ["with a network twice", { joinNetworks: ["shop", "shop"] }, /joinNetworks\[1\]: "shop" is in the list twice/],
        ["with a user by name", { user: "root" }, /user: "root" is not a user's number/],
        [
            "with a timeout above its interval",
            { scrapeJob: { scrapeInterval: "5s", scrapeTimeout: "10s" } },
            /exporters\[0\]\.scrapeJob\.scrapeTimeout: "10s" is longer than the scrapeInterval of 5s/,
        ],
        [
            "with labels that hide those of its samples",
            { scrapeJob: { host: {}, labels: { mode: "x" } } },
            /exporters\[0\]\.scrapeJob\.labels\.mode: "x" hides the label mode/,
        ],
        [
            "with a profile that is not there",
            { scrapeJob: { application: { profile: "shp" } } },
            /exporters\[0\]\.scrapeJob\.application\.profile: "shp" is no profile/,
        ],
        [
            "with targets",
            { scrapeJob: { staticConfigs: [] } },
            /exporters\[0\]\.scrapeJob\.staticConfigs: is not a known key/,
        ],
    ];
    for (const [why, exporter, words, more = {}] of refused) {
        it(why, () => assert.match(mistakes({ exporters: [{ ...redis, ...exporter }], ...more }).join("\n"), words));
    }

    it("with the name of another", () =>
        assert.match(
            mistakes({ exporters: [redis, redis] }).join("\n"),
            /exporters\[1\]\.name: "redis" is already the name of exporters\[0\]/,
        ));

    it("with a secret in plain text", () =>
        assert.match(
            mistakes({ exporters: [{ ...redis, secretFiles: { password: "hunter2" } }] }, []).join("\n"),
            /exporters\[0\]\.secretFiles\.password: is in plain text/,
        ));
});
