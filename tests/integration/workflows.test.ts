import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { scripts } from "../../package.json";
import { project } from "../../toolchain/checkout";
import type { WorkflowLinter } from "../../commands/lintWorkflows";
import { workflowLinters } from "../../commands/lintWorkflows";
import { GithubDouble } from "../github/double";
import { Checkout, docker, freePort } from "./checkout";
import type { Contexts, JobResult } from "./runner";
import { carriedOut, runJob, runSteps } from "./runner";
import { steps } from "./steps";
import { toItself } from "./toItself";

/**
 * How each `run:` line of the workflows is tested: carried out below with what the runner would give it, or it is one that
 * .ci/run runs itself, which would call itself here.
 */
const here = "carried out here";
const ci = "what .ci/run runs";
const how: Readonly<Record<string, typeof here | typeof ci>> = {
    "actions/setup: Install": ci,
    "ci.yml lint: Lint": ci,
    "ci.yml lint: Format": ci,
    "ci.yml lint: Types": ci,
    "ci.yml lint: Workflows": here,
    "ci.yml unit: Unit tests": ci,
    "ci.yml integration: All tests": ci,
    "ci.yml passed: Every job has passed": here,
    "preview.yml validate: Find the stacks": here,
    "preview.yml validate: Validate every stack file": here,
    "preview.yml validate: Say that a fork's stacks are not previewed": here,
    "preview.yml preview: Connect": here,
    "preview.yml preview: Preview": here,
    "preview.yml preview: Comment": here,
    "preview.yml passed: Every job has passed": here,
    "deploy.yml stacks: Find the stacks": here,
    "deploy.yml first: Connect": here,
    "deploy.yml first: Deploy": here,
    "deploy.yml rest: Connect": here,
    "deploy.yml rest: Deploy": here,
    "drift.yml stacks: Find the stacks": here,
    "drift.yml drift: Connect": here,
    "drift.yml drift: Preview": here,
    "drift.yml drift: Keep the issue": here,
};

describe("The workflows' linters", function () {
    this.timeout(300_000);

    let linters: WorkflowLinter[];
    before(async () => (linters = await workflowLinters()));

    const lint = (cwd: string) =>
        linters.map(({ program, args }) => {
            const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8" });
            return { program: path.basename(program), status, text: `${stdout}${stderr}` };
        });

    it("find nothing", () => {
        for (const { status, text } of lint(project)) {
            assert.equal(status, 0, text);
        }
    });

    it("are asked for real: they find an unpinned action, a template injection, a wrong key and a mistake of the shell", () => {
        const folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-workflows-"));
        try {
            cpSync(path.join(project, ".github"), path.join(folder, ".github"), { recursive: true });
            const file = path.join(folder, ".github", "workflows", "ci.yml");
            const workflow = readFileSync(file, "utf8");
            const edit = (from: RegExp, to: string) => {
                assert.match(workflow, from);
                return workflow.replace(from, () => to);
            };
            mkdirSync(path.join(folder, ".git"));
            const mistakes: [edited: string, program: string, words: RegExp][] = [
                [edit(/actions\/checkout@\w+ # v\S+/, "actions/checkout@v7"), "zizmor", /unpinned-uses/],
                [edit(/npm run lint$/m, "echo ${{ github.head_ref }}"), "zizmor", /template-injection/],
                [edit(/timeout-minutes: 15/, "timeout-minute: 15"), "actionlint", /unexpected key "timeout-minute"/],
                [edit(/npm run lint$/m, "cd $HOME; rm -r $GITHUB_PATH"), "actionlint", /SC2086/],
            ];
            for (const [edited, program, words] of mistakes) {
                writeFileSync(file, edited);
                const said = lint(folder).find((each) => each.program === program);
                assert.notEqual(said?.status, 0);
                assert.match(said?.text ?? "", words);
            }
        } finally {
            rmSync(folder, { recursive: true });
        }
    });
});

/** Every job with its `run:` lines, as GitHub's runner would carry them out, against a real stack and a double of GitHub's API. */
describe("The workflows", function () {
    this.timeout(300_000);
    const step = steps();

    const checkout = new Checkout();
    const { stack } = checkout;
    const github = new GithubDouble();
    const state = mkdtempSync(path.join(tmpdir(), "metrics-stack-state-"));
    const secrets = { PULUMI_CONFIG_PASSPHRASE: "the passphrase of the test" };
    const vars = { PULUMI_BACKEND_URL: `file://${state}` };
    const password = "a password of the test";
    let config: Record<string, unknown>;

    const pull = github.addIssue({ pull_request: {} });
    /** The matrix of this spec's stack. */
    const own = { name: stack, stacks: stack };
    const pullRequest = (repository = github.repository) => ({
        github: {
            repository: github.repository,
            token: github.token,
            event: { pull_request: { number: pull.number, head: { sha: "3f1c0de", repo: { full_name: repository } } } },
        },
        needs: { validate: { result: "success", outputs: { stacks: JSON.stringify([own]) } } },
    });

    /** Carries out a job for this spec's stack, on a runner that reaches the local engine unless `env` says otherwise. */
    function run(file: string, job: string, contexts: Contexts, env: NodeJS.ProcessEnv = {}): Promise<JobResult> {
        // Every job starts with a fresh clone: what the last one left is gone.
        rmSync(path.join(checkout.folder, ".state"), { recursive: true, force: true });
        return runJob(
            checkout,
            file,
            job,
            { matrix: own, vars, secrets, ...contexts },
            {
                ...{ GITHUB_API_URL: github.url, GITHUB_REPOSITORY: github.repository, GITHUB_RUN_ID: "42" },
                ...{ GITHUB_SERVER_URL: "https://github.com", RUNNER_ENVIRONMENT: "self-hosted" },
                ...env,
            },
        );
    }
    const preview = (contexts: Contexts = {}, env: NodeJS.ProcessEnv = {}) =>
        run("preview.yml", "preview", { ...pullRequest(), ...contexts }, env);
    const drift = (contexts: Contexts = {}, env: NodeJS.ProcessEnv = {}) =>
        run("drift.yml", "drift", { ...onMain, ...contexts }, env);
    const onMain = {
        github: { repository: github.repository, token: github.token },
        inputs: { stack: "" },
        needs: {
            stacks: {
                result: "success",
                outputs: { first: "[]", rest: JSON.stringify([own]), stacks: JSON.stringify([own]) },
            },
            first: { result: "skipped" },
        },
    };
    const jobNames = (jobs = "") => (JSON.parse(jobs) as (typeof own)[]).map(({ name }) => name);
    const comment = () => pull.comments[0]?.body ?? "";
    const all = ({ steps }: JobResult) =>
        Object.values(steps)
            .map(({ text }) => text)
            .join("");

    before(async () => {
        await github.start();
        config = {
            scrapeInterval: "1s",
            prometheus: { port: await freePort() },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
        };
        checkout.declare(config);
        delete checkout.environment.PULUMI_STACK; // The workflows say which stack they mean.
    });

    after(() => {
        github.stop();
        checkout.remove();
        rmSync(state, { recursive: true });
    });

    /** Does what somebody does at a terminal who has the state and the passphrase. */
    async function asOperator(work: () => Promise<void>): Promise<void> {
        const { environment } = checkout;
        Object.assign(environment, vars, secrets, { PULUMI_STACK: stack });
        await work();
        ["PULUMI_STACK", ...Object.keys({ ...vars, ...secrets })].forEach((name) => delete environment[name]);
    }

    /** Changes what the pull request or main declares. */
    function declare(changes: Record<string, unknown>): void {
        checkout.declare({ ...config, ...changes });
    }

    describe("deploy.yml", () => {
        step("deploys every stack, or the one that was asked for by hand", async () => {
            const every = await run("deploy.yml", "stacks", { inputs: { stack: "" } });
            const { first = "", rest = "" } = every.outputs;
            assert.deepEqual(jobNames(first), ["dev"]);
            assert.ok(jobNames(rest).includes(stack));
            const one = await run("deploy.yml", "stacks", { inputs: { stack } });
            assert.deepEqual(one.outputs, { first: "[]", rest: JSON.stringify([own]) });
            const none = await run("deploy.yml", "stacks", { inputs: { stack: "prdo" } });
            assert.match(all(none), /^::error::"prdo" is no stack and no fleet of this repository; write one of dev, /);
        });

        step(
            "leaves a stack out whose GitHub environment knows no state, unless it was asked for by hand",
            async () => {
                const left = await run("deploy.yml", "rest", { ...onMain, vars: {} });
                assert.deepEqual([left.failed, Object.keys(left.steps)], [false, ["Connect"]]);
                assert.match(
                    left.summary,
                    new RegExp(`\\*\\*${stack}\\*\\*: left out\\. .* no variable PULUMI_BACKEND_URL`),
                );
                assert.ok((await run("deploy.yml", "rest", { ...onMain, vars: {}, inputs: { stack } })).failed);
            },
        );

        step("deploys to no engine that is gone with the job", async () => {
            const { failed, steps } = await run("deploy.yml", "rest", onMain, { RUNNER_ENVIRONMENT: "github-hosted" });
            assert.ok(failed);
            assert.match(steps.Connect?.text ?? "", /names no Docker host, .*: set metrics-stack:dockerHost/);
        });

        step("deploys, and the next deployment changes nothing", async () => {
            const deployed = await run("deploy.yml", "rest", onMain);
            assert.ok(!deployed.failed, all(deployed));
            assert.match(all(deployed), /prometheus +http:\S+ +up\n/);
            const before = checkout.containers();
            const again = await run("deploy.yml", "first", onMain);
            assert.ok(again.skipped); // The stack dev alone is deployed first.
            const first = { stacks: { result: "success", outputs: { first: JSON.stringify([own]) } } };
            assert.ok(!(await run("deploy.yml", "first", { ...onMain, needs: first })).failed);
            assert.equal(checkout.containers(), before);
        });

        step("deploys nothing after a stack dev that failed", async () => {
            const needs = { ...onMain.needs, first: { result: "failure" } };
            assert.ok((await run("deploy.yml", "rest", { ...onMain, needs })).skipped);
        });
    });

    describe("preview.yml", () => {
        step("validates every stack file, also of a fork, and says that a fork gets no preview", async () => {
            const { outputs, summary, failed, steps } = await run(
                "preview.yml",
                "validate",
                pullRequest("other/metrics"),
            );
            assert.ok(!failed, all({ steps } as JobResult));
            assert.ok(jobNames(outputs.stacks).includes(stack));
            assert.match(summary, /^A fork's pull request is given no secrets: /);
            assert.ok((await preview(pullRequest("other/metrics"))).skipped);
        });

        step("says that there are no changes", async () => {
            const { failed, steps } = await preview();
            assert.ok(!failed, steps.Preview?.text);
            assert.match(
                comment(),
                new RegExp(`^<!-- metrics-stack preview: ${stack} -->\n### ${stack}: no changes\n\n`),
            );
        });

        step("writes the comment anew with what would change, and no secret", async () => {
            const targets = { staticConfigs: [{ targets: ["localhost:9090"] }], ...toItself };
            declare({ scrapeJobs: [{ jobName: "self", ...targets, basicAuth: { username: "u" } }] });
            await asOperator(() => checkout.setSecret("scrapeJobs[0].basicAuth.password", password));
            const result = await preview();
            assert.ok(!result.failed, result.steps.Preview?.text);
            assert.equal(pull.comments.length, 1);
            assert.match(comment(), new RegExp(`### ${stack}: 3 to update\n\n\`\`\`diff\n`));
            assert.match(comment(), /^\+ +job_name *: "self"$/m);
            for (const secret of [password, ...Object.values(secrets)]) {
                assert.ok(!`${comment()}${result.summary}${all(result)}`.includes(secret));
            }
        });

        step("asks nothing of a Docker host that it has no access to, and says so", async () => {
            declare({});
            docker("stop", checkout.container("prometheus"));
            const { failed, steps } = await preview({}, { RUNNER_ENVIRONMENT: "github-hosted" });
            docker("start", checkout.container("prometheus"));
            assert.ok(!failed, steps.Preview?.text);
            assert.match(comment(), new RegExp(`### ${stack}: no changes\n\n[^]*> The Docker host was not asked: `));
        });

        step("shows all mistakes of a declaration, and fails", async () => {
            declare({ scrapeInterval: "15", evaluationInterval: "soon" });
            const result = await preview();
            assert.ok(result.failed);
            assert.match(comment(), new RegExp(`### ${stack}: the preview failed\n\n\`\`\`diff\n`));
            assert.match(comment(), /metrics-stack:evaluationInterval: [^]*metrics-stack:scrapeInterval: /);
            assert.match(result.steps.Preview?.text ?? "", new RegExp(`::error::${stack}: the preview failed\\.\n$`));
            declare({});
        });

        step("leaves a stack out whose state it cannot read", async () => {
            const { failed, summary, steps } = await preview({ secrets: {} });
            assert.deepEqual([failed, Object.keys(steps)], [false, ["Connect"]]);
            assert.match(summary, /has neither a secret PULUMI_CONFIG_PASSPHRASE nor PULUMI_ACCESS_TOKEN/);
        });
    });

    describe("drift.yml", () => {
        const issue = () => github.issues.find(({ title }) => title === `Drift of the stack ${stack}`);

        step("looks at every stack", async () => {
            const { outputs } = await run("drift.yml", "stacks", onMain);
            assert.ok(jobNames(outputs.stacks).includes(stack));
        });

        step("opens an issue for what somebody changed by hand, and closes it when that is put right", async () => {
            docker("stop", checkout.container("prometheus"));
            const found = await drift();
            assert.ok(!found.failed, all(found));
            assert.match(issue()?.body ?? "", /^! +docker:index\/container:Container prometheus \(\w+\)$/m);
            docker("start", checkout.container("prometheus"));
            await drift();
            assert.equal(issue()?.state, "closed");
            assert.match(issue()?.comments[0]?.body ?? "", /^The difference is gone\./);
        });

        step("takes a Docker host that does not answer for no drift", async () => {
            const requests = [...github.requests];
            const unreachable = { vars: { ...vars, DOCKER_HOST: "tcp://127.0.0.1:1" } };
            const { failed, steps } = await drift(unreachable);
            assert.ok(failed);
            assert.match(steps.Preview?.text ?? "", /No Docker engine answers at tcp:\/\/127\.0\.0\.1:1/);
            assert.deepEqual(github.requests, requests);
        });
    });

    describe("with a fleet", () => {
        const fleet = { name: "fleet", stacks: `${stack},${stack}-down` };

        step("look at one stack though the host of another is down", async () => {
            const down = path.join(checkout.folder, `Pulumi.${stack}-down.yaml`);
            writeFileSync(down, 'config: { "metrics-stack:dockerHost": "tcp://127.0.0.1:1" }');
            declare({ scrapeInterval: "2s" });
            const found = await drift({ matrix: fleet });
            rmSync(down);
            declare({});
            assert.match(
                found.steps.Preview?.text ?? "",
                /::error::fleet: 1 of 2 previews failed, changes in 1 of 2 stacks\.\n$/,
            );
            const issue = github.issues.find(({ title }) => title === "Drift of the fleet fleet");
            assert.match(
                issue?.body ?? "",
                new RegExp(`#### ${stack}-down: [^]*No Docker engine answers[^]*#### ${stack}: 2 to update`),
            );
        });
    });

    describe("have one check for branch protection, which", () => {
        for (const file of ["ci.yml", "preview.yml"]) {
            step(`${file} fails where a job failed or was cancelled`, async () => {
                const failed = async (...results: string[]) =>
                    (
                        await run(file, "passed", {
                            needs: Object.fromEntries(results.map((result, i) => [`job${i}`, { result }])),
                        })
                    ).failed;
                assert.equal(await failed("success", "success"), false);
                assert.equal(await failed("success", "failure"), true);
                assert.equal(await failed("cancelled", "success"), true);
                assert.equal(await failed("success", "skipped"), file === "ci.yml");
            });
        }
    });

    describe("ci.yml", () => {
        step("lints the workflows", async () => {
            const { status, text } = await checkout.run("bash", [
                "-eo",
                "pipefail",
                "-c",
                lineOf("ci.yml lint: Workflows"),
            ]);
            assert.equal(status, 0, text);
            carriedOut.add("ci.yml lint: Workflows");
        });
    });

    describe("have no line that nobody has run:", () => {
        const names = (kind: string) => Object.keys(how).filter((name) => how[name] === kind);

        it("each one is listed above", () =>
            assert.deepEqual(
                runSteps()
                    .map(({ name }) => name)
                    .sort(),
                Object.keys(how).sort(),
            ));

        step(`${names(here).length} were carried out by this spec`, () =>
            assert.deepEqual([...carriedOut].sort(), names(here).sort()),
        );

        it(`${names(ci).length} are what .ci/run runs, which runs this spec`, () => {
            const runs = readFileSync(path.join(project, ".ci", "run"), "utf8");
            const [, checks = ""] = /^for check in (.*); do$/m.exec(runs) ?? [];
            assert.match(runs, /^npm test /m);
            const install = /spawnSync\("npm", \[(.*)\]/.exec(
                readFileSync(path.join(project, "commands", "run.js"), "utf8"),
            );
            const [, ...installArguments] = ["npm", ...(JSON.parse(`[${install?.[1] ?? ""}]`) as string[])];
            const run = [
                ...checks.split(" ").map((check) => `npm run ${check}`),
                ...["npm test", "npm run test:unit"],
                `npm ${installArguments.filter((argument) => !argument.startsWith("--loglevel")).join(" ")}`,
            ];
            for (const name of names(ci)) {
                assert.ok(run.includes(lineOf(name)), `${name}: ${lineOf(name)}`);
            }
        });

        it("and every npm script that they name is there", () => {
            for (const { run } of runSteps()) {
                const [, script] = /^npm run ([\w:]+)/.exec(run) ?? [];
                assert.ok(script === undefined || script in scripts, run);
            }
        });
    });
});

const lineOf = (name: string) => runSteps().find((step) => step.name === name)?.run ?? "";
