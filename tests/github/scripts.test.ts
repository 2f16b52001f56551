import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Result } from "../../.github/scripts/report";
import { brief } from "../../.github/scripts/report";
import { targetsDown } from "../../commands/up";
import { project } from "../../toolchain/checkout";
import { find } from "../../toolchain/process";
import { GithubDouble } from "./double";

const scripts = path.join(__dirname, "..", "..", ".github", "scripts");

/** As Pulumi prints it: first what the refresh read, then the steps, each with the whole document around what changes. */
const diff = `Previewing update (prod):
~ pulumi:pulumi:Stack: (refresh)
    [urn=urn:pulumi:prod::metrics-stack::pulumi:pulumi:Stack::metrics-stack-prod]
        ~ docker:index/volume:Volume: (refresh)
            [id=metrics-stack-prod-prometheus-data]
            --outputs:--
          + driverOpts: {}
  pulumi:pulumi:Stack: (same)
    [urn=urn:pulumi:prod::metrics-stack::pulumi:pulumi:Stack::metrics-stack-prod]
    ~ command:local:Command: (update)
        [id=prometheus-config-stage9]
        [urn=urn:pulumi:prod::metrics-stack::monitoring:index:Prometheus$command:local:Command::prometheus-config-stage]
        [provider=urn:pulumi:prod::metrics-stack::pulumi:providers:command::default_1_2_1::0]
      ~ stdin      : (yaml) {
            global        : {
                scrape_interval: "15s"
            }
            scrape_configs: [
                [0]: {
                    job_name: "prometheus"
                }

          +     [1]: {
                  + job_name: "shop"
                }
            ]
        }
    +-docker:index/container:Container: (replace)
        [id=ca22]
        [urn=urn:pulumi:prod::metrics-stack::monitoring:index:Prometheus$docker:index/container:Container::prometheus]
      ~ mustRun: false => true
Resources:
    ~ 1 to update
    +-1 to replace
`;

/** The scripts that write comments and issues, against a double of GitHub's REST API that refuses what GitHub would refuse. */
describe("The workflows' scripts, with a double of GitHub's API,", () => {
    let folder: string;
    let github: GithubDouble;
    beforeEach(async () => {
        folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-scripts-"));
        github = new GithubDouble();
        await github.start();
    });
    afterEach(() => {
        github.stop();
        rmSync(folder, { recursive: true });
    });

    type Ended = Promise<[status: number | null, said: string]>;
    /** Runs a script as a step of a job whose preview found `result`. */
    const run = (script: string, result: Partial<Result>, env: NodeJS.ProcessEnv = {}): Ended =>
        runForAll(script, [{ ...found, ...result }], env);
    function runForAll(script: string, results: readonly Result[], env: NodeJS.ProcessEnv = {}): Ended {
        writeFileSync(path.join(folder, "previews.json"), JSON.stringify(results));
        return runScript(script, env);
    }
    function runScript(script: string, env: NodeJS.ProcessEnv): Ended {
        const child = spawn(process.execPath, [path.join(scripts, `${script}.js`)], {
            cwd: folder,
            env: {
                ...{ RUNNER_TEMP: folder, NAME: "prod", STACKS: "prod", PULL_REQUEST: "1", COMMIT: "3f1c0de" },
                ...{ GITHUB_API_URL: github.url, GITHUB_REPOSITORY: github.repository, GITHUB_TOKEN: github.token },
                ...{ GITHUB_SERVER_URL: "https://github.com", GITHUB_RUN_ID: "42" },
                ...env,
            },
        });
        let said = "";
        child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
        child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
        return new Promise((resolve) => child.on("close", (status) => resolve([status, said])));
    }
    const found: Result = {
        ...{ stack: "prod", outcome: "changed", changes: { update: 2 }, text: diff, warnings: [], hostChecked: true },
    };

    describe("comment.js", () => {
        const comments = () => github.issues[0]?.comments ?? [];
        beforeEach(() => github.addIssue({ pull_request: {} }));

        it("writes a first comment, and with the next commit that one anew", async () => {
            assert.deepEqual(await run("comment", {}), [0, ""]);
            assert.deepEqual(await run("comment", { outcome: "unchanged", changes: {}, text: "" }), [0, ""]);
            assert.equal(comments().length, 1);
            assert.match(comments()[0]?.body ?? "", /^<!-- metrics-stack preview: prod -->\n### prod: no changes\n/);
            assert.deepEqual(github.requests, [
                "GET issues/1/comments",
                "POST issues/1/comments",
                "GET issues/1/comments",
                "PATCH issues/comments/1000",
            ]);
        });

        it("has one comment a stack", async () => {
            await run("comment", {});
            await run("comment", { stack: "dev" }, { NAME: "dev" });
            assert.deepEqual(
                comments().map(({ body }) => body.split("\n")[1]),
                ["### prod: 2 to update", "### dev: 2 to update"],
            );
        });

        it("finds its comment among more than a page of others", async () => {
            const [pull] = github.issues;
            assert.ok(pull);
            for (let i = 0; i < 250; i++) {
                github.addComment(pull, `${i}`);
            }
            const own = github.addComment(pull, "<!-- metrics-stack preview: prod -->\nof before", "Bot");
            await run("comment", {});
            assert.equal(comments().length, 251);
            assert.match(own.body, /2 to update/);
        });

        it("touches no comment of a person, even one that quotes it", async () => {
            const [pull] = github.issues;
            assert.ok(pull);
            const quoted = github.addComment(pull, "<!-- metrics-stack preview: prod -->\nquoted");
            await run("comment", {});
            assert.match(quoted.body, /quoted$/);
            assert.equal(comments().length, 2);
        });

        it("shows why a preview failed", async () => {
            await run("comment", {
                outcome: "failed",
                changes: {},
                text: "error: 2 mistakes in the stack's configuration",
            });
            assert.match(comments()[0]?.body ?? "", /### prod: the preview failed\n\n```diff\nerror: 2 mistakes/);
        });

        it("cuts what is longer than GitHub takes, and says so", async () => {
            const long = `error: too long\n${"x".repeat(99)}\n`.repeat(2000);
            assert.deepEqual(await run("comment", { outcome: "failed", text: long }), [0, ""]);
            const { body } = comments()[0] ?? { body: "" };
            assert.ok(body.length > 50_000 && body.length <= 65_536, String(body.length));
            assert.match(
                body,
                /\n```\n\nThe rest is cut off: .*\n\nOf 3f1c0de\. \[The whole preview\]\(.*\/runs\/42\)\.$/,
            );
        });

        it("says what went wrong with GitHub, in one line", async () => {
            github.failure = { status: 503, body: { message: "Service unavailable" } };
            const expected =
                "::error::GitHub answered GET issues/1/comments?per_page=100&page=1 with 503: Service unavailable\n";
            assert.deepEqual(await run("comment", {}), [1, expected]);
            github.failure = undefined;
            assert.match((await run("comment", {}, { GITHUB_TOKEN: "wrong" }))[1], /with 401: Bad credentials\n$/);
            const nobody = { GITHUB_API_URL: github.url };
            github.stop();
            assert.match(
                (await run("comment", {}, nobody))[1],
                /^::error::GitHub does not answer GET .*ECONNREFUSED.*\n$/,
            );
        });
    });

    describe("issue.js", () => {
        it("opens one issue, writes it anew, and closes it when the stack is as declared again", async () => {
            github.addIssue({ labels: [{ name: "drift" }], title: "of a person" });
            github.addIssue({
                labels: [{ name: "drift" }],
                body: "<!-- metrics-stack drift: prod -->",
                pull_request: {},
            });
            await run("issue", {});
            const issue = github.issues[2];
            assert.equal(issue?.title, "Drift of the stack prod");
            assert.deepEqual(issue.labels, [{ name: "drift" }]);
            assert.match(issue.body, /### prod: 2 to update/);
            await run("issue", { changes: { replace: 1 } });
            assert.match(issue.body, /### prod: 1 to replace/);
            assert.equal(github.issues.length, 3);
            await run("issue", { outcome: "unchanged", changes: {}, text: "" });
            assert.equal(issue.state, "closed");
            assert.match(issue.comments[0]?.body ?? "", /^The difference is gone\./);
            assert.deepEqual(
                github.issues.map(({ state }) => state),
                ["open", "open", "closed"],
            );
        });

        it("opens a new one when it happens again, and one for each stack", async () => {
            github.addIssue({
                labels: [{ name: "drift" }],
                body: "<!-- metrics-stack drift: prod -->",
                state: "closed",
            });
            await run("issue", {});
            await run("issue", { stack: "dev" }, { NAME: "dev" });
            assert.deepEqual(
                github.issues.map(({ title, state }) => `${title} ${state}`),
                [" closed", "Drift of the stack prod open", "Drift of the stack dev open"],
            );
        });

        it("does nothing where there is no difference and no issue", async () => {
            assert.deepEqual(await run("issue", { outcome: "unchanged", changes: {}, text: "" }), [0, ""]);
            assert.deepEqual(github.requests, ["GET issues"]);
        });
    });

    describe("of a fleet", () => {
        const unchanged = { outcome: "unchanged", changes: {}, text: "" } as const;
        const failed = { outcome: "failed", changes: {}, text: "error: no Docker engine answers" } as const;
        /** What is found of a fleet, by its stacks. */
        const fleet = (stacks: Readonly<Record<string, Partial<Result>>>) =>
            Object.entries(stacks).map(([stack, result]) => ({
                ...found,
                text: found.text.replaceAll("metrics-stack-prod", `metrics-stack-${stack}`),
                ...result,
                stack,
            }));
        const env = { NAME: "web", STACKS: "web-1,web-2,web-3,web-4" };

        it("comment.js writes one comment, and what is to be said of several stacks once", async () => {
            const pull = github.addIssue({ pull_request: {} });
            const all = fleet({
                "web-1": {},
                "web-2": {},
                "web-3": unchanged,
                "web-4": failed,
                "web-5": {},
                "web-6": {},
            });
            assert.deepEqual(await runForAll("comment", all, env), [0, ""]);
            const [comment, ...others] = pull.comments;
            assert.deepEqual(others, []);
            assert.deepEqual(
                comment?.body.split("\n").filter((line) => /^[<#]/.test(line)),
                [
                    "<!-- metrics-stack preview: web -->",
                    "### web: 1 of 6 previews failed, changes in 4 of 6 stacks",
                    "#### web-4: the preview failed",
                    "#### web-1, web-2 and 2 more: 2 to update. This is web-1",
                    "#### web-3: no changes",
                ],
            );
            assert.equal(comment.body.match(/job_name: "shop"/g)?.length, 1);
            await runForAll("comment", fleet({ "web-1": unchanged, "web-2": unchanged }), env);
            assert.match(comment.body, /\n### web: no changes in 2 stacks\n\nOf 3f1c0de/);
        });

        it("comment.js has something of each, within what GitHub takes", async () => {
            const pull = github.addIssue({ pull_request: {} });
            const long = (_: unknown, i: number): [string, Partial<Result>] => [
                `web-${i}`,
                { ...failed, text: `error of ${i}\n${`${"x".repeat(99)}\n`.repeat(20)}`, warnings: ["w".repeat(9999)] },
            ];
            await runForAll("comment", fleet(Object.fromEntries(Array.from({ length: 200 }, long))), env);
            const { body } = pull.comments[0] ?? { body: "" };
            assert.ok(body.length > 30_000 && body.length <= 65_536, String(body.length));
            assert.match(body, /#### web-0: [^]*#### web-199: [^]*The rest is cut off/);
        });

        it("issue.js keeps one issue, and leaves it while a stack cannot be looked at", async () => {
            await runForAll("issue", fleet({ "web-1": {}, "web-2": unchanged, "web-3": failed }), env);
            const [issue, ...others] = github.issues;
            assert.deepEqual([issue?.title, others], ["Drift of the fleet web", []]);
            assert.match(issue?.body ?? "", /### web: 1 of 3 previews failed, changes in 1 of 3 stacks\n/);
            await runForAll("issue", fleet({ "web-1": unchanged, "web-2": failed }), env);
            assert.equal(issue?.state, "open");
            await runForAll("issue", fleet({ "web-1": unchanged, "web-2": unchanged }), env);
            assert.equal(issue?.state, "closed");
        });
    });

    describe("report.js", () => {
        it("shows the lines that change, each with what it stands in, and no line that stays", () => {
            const text = brief([found], "head");
            const lines = text.slice(text.indexOf("```diff\n") + 8, text.lastIndexOf("\n```")).split("\n");
            assert.deepEqual(lines, [
                "pulumi:pulumi:Stack metrics-stack-prod (same)",
                "!     command:local:Command prometheus-config-stage (update)",
                "!       stdin      : (yaml) {",
                "            scrape_configs: [",
                "+               [1]: {",
                '+                   job_name: "shop"',
                "!     docker:index/container:Container prometheus (replace)",
                "!       mustRun: false => true",
                "",
                "Resources:",
                "    ~ 1 to update",
                "    +-1 to replace",
            ]);
        });

        it("lets no text out of its block", () => {
            const text = brief([{ ...found, outcome: "failed", text: "a\n````\n# not a heading" }], "head");
            assert.match(text, /^head\n\n`````diff\na\n````\n# not a heading\n`````\n/);
        });

        it("passes warnings on, and says where nobody asked the Docker host", () => {
            const text = brief([{ ...found, warnings: ["warning: Grafana is left out"], hostChecked: false }], "head");
            assert.match(text, /\n\n```\nwarning: Grafana is left out\n```\n\n> The Docker host was not asked: /);
        });

        it("lets no warning be Markdown: it has words of the stack file, of Docker and of promtool", () => {
            const words = 'warning: "@team [here](https://evil.example.com) <img src=x>" ``` is no network';
            const text = brief([{ ...found, outcome: "unchanged", text: "", warnings: [words, words] }], "head");
            assert.ok(text.startsWith(`head\n\n\`\`\`\`\n${words}\n${words}\n\`\`\`\`\n\n`), text);
        });

        it("stays within what GitHub takes, however many warnings there are", () => {
            const warnings = new Array<string>(5000).fill(`warning: ${"x".repeat(80)}`);
            assert.ok(brief([{ ...found, warnings }], "head").length < 65_536);
        });
    });

    describe("deploy.js", () => {
        /** Runs it with an `npm` that says something and ends with a status. */
        async function deploy(status: number, said: string, stacks = "prod") {
            // web-2 ends as it is told, and all others of its fleet well.
            const ends = `case "$*" in *web-[13]*) echo "Deployed." >&2; exit 0;; esac; cat said >&2; exit ${status}`;
            writeFileSync(path.join(folder, "npm"), `#!/bin/sh\necho "$@" >> args\n${ends}\n`);
            chmodSync(path.join(folder, "npm"), 0o755);
            writeFileSync(path.join(folder, "said"), said);
            const summary = path.join(folder, "summary");
            writeFileSync(summary, "");
            const PATH = `${folder}:${process.env.PATH}`;
            const env = { NAME: stacks === "prod" ? "prod" : "web", STACKS: stacks };
            const [ended, text] = await runScript("deploy", { ...env, GITHUB_STEP_SUMMARY: summary, PATH });
            assert.deepEqual(
                readFileSync(path.join(folder, "args"), "utf8").trim().split("\n").sort(),
                stacks.split(",").map((stack) => `run --silent up -- --stack ${stack} --non-interactive`),
            );
            return { ended, text, summary: readFileSync(summary, "utf8") };
        }

        it("takes targets that are down for no failure, and says on the page of the run which they are", async () => {
            const missing = "The stack is deployed, but after 1m30s these targets are not up: shop.\n  shop  refused\n";
            const { ended, text, summary } = await deploy(targetsDown, `Waiting for shop ...\n${missing}`);
            assert.equal(ended, 0);
            assert.ok(text.includes(missing));
            assert.match(text, /^::warning::prod is deployed, and some of its targets are down\.$/m);
            assert.equal(
                summary,
                `### prod: deployed, and some of its targets are down\n\n\`\`\`\n${missing.trim()}\n\`\`\`\n`,
            );
        });

        it("says nothing of a deployment that went well", async () => {
            assert.deepEqual(await deploy(0, "Deployed.\n"), { ended: 0, text: "Deployed.\n", summary: "" });
        });

        it("fails where the deployment did", async () => {
            const { ended, text, summary } = await deploy(255, "error: no such image\n");
            assert.deepEqual([ended, summary], [1, ""]);
            assert.match(text, /^error: no such image\n::error::prod: the deployment failed, with status 255\.\n$/);
        });

        it("deploys the others of a fleet too, and names those that failed", async () => {
            const { ended, text, summary } = await deploy(255, "error: no such image\n", "web-1,web-2,web-3");
            assert.deepEqual([ended, summary], [1, "### web: 2 of 3 stacks deployed\n"]);
            assert.match(text, /^::group::web-2: up\nerror: no such image\n::endgroup::$/m);
            assert.match(text, /\n::error::web-2: the deployment failed, with status 255\.\n$/);
            assert.equal(text.match(/^Deployed\.$/gm)?.length, 2);
        });
    });

    describe("connect.js", () => {
        /** What the script gives the next steps of a job for the stack prod on one of GitHub's runners. */
        async function connect(stackFile: string, env: NodeJS.ProcessEnv) {
            writeFileSync(path.join(folder, "Pulumi.prod.yaml"), stackFile);
            const files = ["GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"];
            files.forEach((name) => writeFileSync(path.join(folder, name), ""));
            const [status, said] = await runScript("connect", {
                ...Object.fromEntries(files.map((name) => [name, path.join(folder, name)])),
                ...{
                    PURPOSE: "deploy",
                    PULUMI_BACKEND_URL: "s3://state",
                    PULUMI_CONFIG_PASSPHRASE: "x",
                    PATH: process.env.PATH,
                },
                ...env,
            });
            const [outputs, variables, programs] = files.map((name) => readFileSync(path.join(folder, name), "utf8"));
            const assignments = (text = "") =>
                Object.fromEntries(
                    [...text.matchAll(/^(\w+)<<(.+)\n([^]*?)\n\2$/gm)].map(([, name, , value]) => [name, value]),
                );
            return {
                status,
                said,
                stacks: assignments(outputs).stacks,
                variables: assignments(variables),
                programs: programs?.trim(),
            };
        }
        const overSsh = 'config: { "metrics-stack:dockerHost": "ssh://deploy@docker.example.com" }';
        const overTls = 'config: { "metrics-stack:dockerHost": "tcp://docker.example.com:2376" }';
        const certificates = { DOCKER_TLS_CA: "ca", DOCKER_TLS_CERT: "certificate", DOCKER_TLS_KEY: "key" };

        it("finds the Docker host in a file that the stack file extends", async () => {
            mkdirSync(path.join(project, ".state"), { recursive: true });
            const beside = mkdtempSync(path.join(project, ".state", "shared-"));
            try {
                writeFileSync(path.join(beside, "web.yaml"), overSsh);
                const extending = `config: {"metrics-stack:extends": [${path.relative(project, beside)}/web.yaml]}`;
                assert.equal((await connect(extending, {})).said, (await connect(overSsh, {})).said);
            } finally {
                rmSync(beside, { recursive: true });
            }
        });

        it("gives ssh the key and the pinned host keys, and trusts no other", async function () {
            if (!find("ssh")) {
                this.skip(); // Without an ssh nothing can be asked for its settings.
            }
            const known = { SSH_PRIVATE_KEY: "the key", SSH_KNOWN_HOSTS: "docker.example.com ssh-ed25519 AAAA" };
            const { programs = "", variables } = await connect(overSsh, known);
            assert.deepEqual(variables, { PULUMI_BACKEND_URL: "s3://state", PULUMI_CONFIG_PASSPHRASE: "x" });
            const ssh = path.join(programs, "ssh");
            const settings = execFileSync(ssh, ["-TnG", "deploy@docker.example.com"], { encoding: "utf8" });
            assert.match(settings, /^stricthostkeychecking true$/m);
            assert.match(settings, /^globalknownhostsfile \/dev\/null$/m);
            assert.match(settings, /^batchmode yes$/m);
            const file = (setting: string) => new RegExp(`^${setting} (.*)$`, "m").exec(settings)?.[1] ?? "";
            assert.equal(readFileSync(file("identityfile"), "utf8"), "the key\n");
            assert.equal(statSync(file("identityfile")).mode & 0o777, 0o600);
            assert.equal(readFileSync(file("userknownhostsfile"), "utf8"), "docker.example.com ssh-ed25519 AAAA\n");
        });

        it("does without a key that no host key is pinned for", async () => {
            const { status, said } = await connect(overSsh, { SSH_PRIVATE_KEY: "the key" });
            assert.equal(status, 1);
            assert.match(
                said,
                /^::error::The GitHub environment prod has SSH_PRIVATE_KEY but no variable SSH_KNOWN_HOSTS: .*\n$/,
            );
        });

        it("connects all hosts of a fleet, and names all that it cannot reach", async () => {
            const others = { NAME: "web", STACKS: "prod,web-2,web-3" };
            writeFileSync(path.join(folder, "Pulumi.web-2.yaml"), overSsh.replace("docker.", "web-2."));
            writeFileSync(path.join(folder, "Pulumi.web-3.yaml"), overTls);
            const known = { SSH_PRIVATE_KEY: "the key", SSH_KNOWN_HOSTS: "docker.example.com ssh-ed25519 AAAA" };
            const { stacks, variables, programs } = await connect(overSsh, { ...others, ...known, ...certificates });
            assert.equal(stacks, others.STACKS);
            assert.ok(programs);
            assert.ok(variables.DOCKER_CERT_PATH);
            const { said, status } = await connect(overSsh, others);
            assert.equal(status, 1);
            assert.match(said, /ssh:\/\/deploy@docker\.[^]*ssh:\/\/deploy@web-2\.[^]*tcp:\/\/docker\./);
            const previewed = await connect(overSsh, { ...others, PURPOSE: "preview", ...known });
            assert.equal(previewed.stacks, "prod,web-2"); // The provider asks the third one over TCP, for which there are no certificates.
        });

        it("gives Docker its certificates", async () => {
            const { variables } = await connect(overTls, certificates);
            assert.equal(variables.DOCKER_TLS_VERIFY, "1");
            for (const [file, text] of [
                ["ca.pem", "ca\n"],
                ["cert.pem", "certificate\n"],
                ["key.pem", "key\n"],
            ] as const) {
                assert.equal(readFileSync(path.join(variables.DOCKER_CERT_PATH ?? "", file), "utf8"), text);
            }
        });

        it("deploys nowhere without access, and says what is missing", async () => {
            assert.match(
                (await connect(overSsh, {})).said,
                /no access to ssh:.*: set the secrets SSH_PRIVATE_KEY\.\n$/,
            );
            const { said } = await connect(overTls, { ...certificates, DOCKER_TLS_KEY: "" });
            assert.match(said, /: set the secrets DOCKER_TLS_CA, DOCKER_TLS_CERT, DOCKER_TLS_KEY\.\n$/);
        });

        it("has a preview ask nothing of a host without access; over TCP there is no such preview", async () => {
            const { variables } = await connect(overSsh, { PURPOSE: "preview" });
            assert.equal(variables.METRICS_STACK_SKIP_HOST_CHECKS, "true");
            assert.match(
                (await connect(overTls, { PURPOSE: "preview" })).said,
                /^::notice::The Docker provider asks tcp:/,
            );
        });

        it("leaves the access of a runner of one's own as it is", async () => {
            const { status, variables, programs } = await connect(overSsh, { RUNNER_ENVIRONMENT: "self-hosted" });
            assert.deepEqual([status, programs], [0, ""]);
            assert.deepEqual(Object.keys(variables), ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"]);
        });
    });

    describe("stacks.js", () => {
        /** The outputs of the script in a folder with the stack files of these stacks, e.g. { rest: ["prod", "web = web-1,web-2"] }. */
        async function outputs(stacks: readonly string[], wanted = "", fleets = ""): Promise<unknown> {
            stacks.forEach((stack) => writeFileSync(path.join(folder, `Pulumi.${stack}.yaml`), ""));
            writeFileSync(path.join(folder, "Pulumi.yaml"), "");
            const file = path.join(folder, "output");
            writeFileSync(file, "");
            const [status, said] = await runScript("stacks", { STACK: wanted, FLEETS: fleets, GITHUB_OUTPUT: file });
            const set = [...readFileSync(file, "utf8").matchAll(/^(\w+)<<(.+)\n(.*)\n\2$/gm)];
            const jobs = (list = "") =>
                (JSON.parse(list) as { name: string; stacks: string }[]).map(({ name, stacks }) =>
                    name === stacks ? name : `${name} = ${stacks}`,
                );
            return status === 0 ? Object.fromEntries(set.map(([, name, , value]) => [name, jobs(value)])) : said;
        }

        it("finds one stack for each stack file, dev first", async () => {
            assert.deepEqual(await outputs(["prod", "dev", "eu-west.2"]), {
                stacks: ["dev", "eu-west.2", "prod"],
                first: ["dev"],
                rest: ["eu-west.2", "prod"],
            });
            assert.deepEqual(await outputs([], "prod"), { stacks: ["prod"], first: [], rest: ["prod"] });
        });

        it("has stacks of one fleet in one job", async () => {
            const stacks = ["dev", "prod", "web-1", "web-2", "web-10", "db-1"];
            assert.deepEqual(await outputs(stacks, "", "web=web-*\n dev=dev,db-?"), {
                stacks: ["dev = dev,db-1", "prod", "web = web-1,web-10,web-2"],
                first: ["dev = dev,db-1"],
                rest: ["prod", "web = web-1,web-10,web-2"],
            });
            const rest = async (wanted: string) =>
                ((await outputs([], wanted, "web=web-[12]")) as { rest: readonly string[] }).rest;
            assert.deepEqual(await rest("web"), ["web = web-1,web-2"]);
            assert.deepEqual(await rest("web-2"), ["web = web-2"]);
            assert.deepEqual(await rest("web-10"), ["web-10"]);
        });

        it("refuses a stack that is not there, and a fleet that is none", async () => {
            const stacks = ["dev", "prod", "web-1"];
            const refused: [wanted: string, fleets: string, said: string][] = [
                ["prdo", "", '"prdo" is no stack and no fleet of this repository; write one of dev, prod, web-1.'],
                [
                    "prdo",
                    "web=w*",
                    '"prdo" is no stack and no fleet of this repository; write one of dev, prod, web, web-1.',
                ],
                ["", "web-*", "FLEETS: web-* is no fleet; write a name and its stacks, such as web=web-*."],
                ["", "web=wbe-*", "FLEETS: no stack is called wbe-*, of the fleet web."],
                ["", "prod=web-1", "FLEETS: prod is the name of another stack; write another one."],
                ["", "web=web-1 web=dev", "FLEETS: web is the name of another fleet; write another one."],
                ["", "web=web-1 all=*", "FLEETS: web-1 cannot be in both web and all."],
            ];
            for (const [wanted, fleets, said] of refused) {
                assert.equal(await outputs(stacks, wanted, fleets), `::error::${said}\n`);
            }
        });
    });
});
