import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import { complete } from "../../config/handedOver";
import { shortened } from "../../commands/longStackFile";

/** Linux takes no longer variable: MAX_ARG_STRLEN, https://man7.org/linux/man-pages/man2/execve.2.html */
const longestVariable = 128 * 1024;

const job = (i: number, more: object = {}) => ({
    jobName: `job${i}`,
    staticConfigs: [{ targets: [`web-${i}:9100`] }],
    ...more,
});
const stackFile = (scrapeJobs: unknown, key = "metrics-stack:scrapeJobs") =>
    stringify({ encryptionsalt: "v1:salt", config: { "metrics-stack:dockerHost": "ssh://web-1", [key]: scrapeJobs } });

describe("A stack file of any length", () => {
    const declarations = {
        "1,000 jobs": Array.from({ length: 1000 }, (_, i) => job(i)),
        "300 jobs with names of 200 letters": Array.from({ length: 300 }, (_, i) =>
            job(i, { jobName: `${"j".repeat(196)}${1000 + i}` }),
        ),
        "5,000 targets": [
            {
                jobName: "hosts",
                staticConfigs: [{ targets: Array.from({ length: 5000 }, (_, i) => `host-${i}:9100`) }],
            },
        ],
    };
    Object.entries(declarations).forEach(([what, jobs]) =>
        it(`is short to Pulumi, and read as it was declared: ${what}`, () => {
            const { text, scrapeJobs = "" } = shortened(stackFile(jobs), "jobs.json");
            assert.ok(text.length < 1000);
            const { config, encryptionsalt } = parse(text);
            assert.equal(encryptionsalt, "v1:salt");
            assert.equal(config["metrics-stack:dockerHost"], "ssh://web-1");
            const found = complete(config["metrics-stack:scrapeJobs"], (file) =>
                file === "jobs.json" ? scrapeJobs : "",
            );
            assert.deepEqual(found, jobs);
        }),
    );

    it("leaves to Pulumi what is encrypted", () => {
        const basicAuth = (password: unknown) => ({ basicAuth: { username: "u", password } });
        const jobs = (secret: (i: number) => unknown) => [
            job(0, { staticConfigs: [{ targets: ["a:1"], labels: { secure: "a label" } }] }),
            ...Array.from({ length: 1000 }, (_, i) => job(i + 1, i % 500 === 0 ? basicAuth(secret(i)) : {})),
        ];
        const { text, scrapeJobs = "" } = shortened(stackFile(jobs((i) => ({ secure: `v1:cipher${i}` }))), "jobs.json");
        assert.ok(!scrapeJobs.includes("cipher"));
        const { secrets, ...others } = parse(text).config["metrics-stack:scrapeJobs"];
        assert.ok(secrets.some(({ secure }: { secure: string }) => secure === "v1:cipher500"));
        const decrypted = secrets.map(({ secure }: { secure: string }) => secure.replace("v1:cipher", "password"));
        const found = complete({ ...others, secrets: decrypted }, () => scrapeJobs);
        // What looks like a secret is one: Pulumi decrypts the label too, or says that it cannot.
        assert.deepEqual(found, [
            { ...job(0), staticConfigs: [{ targets: ["a:1"], labels: "a label" }] },
            ...jobs((i) => `password${i}`).slice(1),
        ]);
    });

    it("stays as it is where it is short, has no scrape jobs or is no YAML", () => {
        const comment = `# ${"long ".repeat(longestVariable)}\n`;
        const texts = [stackFile([job(0)]), `${comment}config: {}`, `${comment}config: [`, `${comment}- 1`];
        texts.forEach((text) => assert.deepEqual(shortened(text, "jobs.json"), { text }));
    });

    it("may leave out the namespace, and may repeat what an anchor names", () => {
        const list = `&t [${Array.from({ length: 9000 }, (_, i) => `"a:${i}"`).join(", ")}]`;
        const text = `config:\n  scrapeJobs:\n    - { jobName: a, targets: ${list} }\n    - { jobName: b, targets: *t }\n`;
        const found = JSON.parse(shortened(text, "jobs.json").scrapeJobs ?? "");
        assert.deepEqual(found[0].targets, found[1].targets);
        assert.equal(found[1].targets.length, 9000);
    });
});
