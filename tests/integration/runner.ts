import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { project } from "../../toolchain/checkout";
import type { Checkout, Ended } from "./checkout";

export interface Step {
    readonly id?: string;
    readonly name?: string;
    readonly if?: string;
    readonly run?: string;
    readonly uses?: string;
    readonly env?: Readonly<Record<string, string>>;
}

interface JobDefinition {
    readonly if?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly steps: readonly Step[];
    readonly environment?: string;
    readonly outputs?: Readonly<Record<string, string>>;
}

interface Workflow {
    readonly jobs: Readonly<Record<string, JobDefinition>>;
}

const folder = path.join(project, ".github");
const read = (file: string) => parse(readFileSync(path.join(folder, file), "utf8")) as unknown;

/** Every `run:` step of the workflows and of the actions beside them, as "preview.yml preview: Comment". */
export function runSteps(): { readonly name: string; readonly run: string }[] {
    const workflows = readdirSync(path.join(folder, "workflows")).flatMap((file) =>
        Object.entries((read(`workflows/${file}`) as Workflow).jobs).map(([job, { steps }]) => ({
            where: `${file} ${job}`,
            steps,
        })),
    );
    const actions = readdirSync(path.join(folder, "actions")).map((action) => ({
        where: `actions/${action}`,
        steps: (read(`actions/${action}/action.yml`) as { runs: { steps: readonly Step[] } }).runs.steps,
    }));
    return [...workflows, ...actions].flatMap(({ where, steps }) =>
        steps.flatMap(({ name, run }) => (run === undefined ? [] : [{ name: `${where}: ${name}`, run }])),
    );
}

/** What GitHub knows when a job starts: the contexts of its expressions. */
export interface Contexts {
    readonly github?: object;
    readonly inputs?: object;
    readonly matrix?: object;
    readonly needs?: object;
    readonly secrets?: object;
    readonly vars?: object;
}

/** How each step ended; a step that was skipped is not there. */
export interface JobResult {
    readonly skipped: boolean;
    readonly failed: boolean;
    readonly steps: Readonly<Record<string, Ended>>;
    readonly outputs: Readonly<Record<string, string>>;
    readonly summary: string;
}

/** The `run:` steps that were carried out so far, named as in `runSteps`. */
export const carriedOut = new Set<string>();

/**
 * Carries out a job's `run:` steps in a checkout as GitHub's runner does: with the variables, conditions and files that the
 * workflow and the runner give them. Steps with `uses:` are left out: the checkout is there, with its packages.
 * @param env what the runner itself sets, such as RUNNER_ENVIRONMENT
 */
export async function runJob(
    checkout: Checkout,
    file: string,
    job: string,
    contexts: Contexts,
    env: NodeJS.ProcessEnv = {},
): Promise<JobResult> {
    const definition = (read(`workflows/${file}`) as Workflow).jobs[job];
    assert.ok(definition, `${file} has no job ${job}`);
    const temp = mkdtempSync(path.join(tmpdir(), "metrics-stack-runner-"));
    const runnerFile = (name: string) => path.join(temp, name);
    const files = { GITHUB_OUTPUT: "output", GITHUB_ENV: "env", GITHUB_PATH: "path", GITHUB_STEP_SUMMARY: "summary" };
    const results: Record<string, Ended> = {};
    const stepContexts: Record<string, { outputs: Record<string, string> }> = {};
    const variables: Record<string, string> = {};
    const folders: string[] = [];
    let failed = false;
    let summary = "";
    try {
        const known = () => ({ ...contexts, steps: stepContexts });
        const skipped = !condition(definition.if, known(), false);
        for (const step of skipped ? [] : definition.steps) {
            if (step.run === undefined || !condition(step.if, known(), failed)) {
                continue;
            }
            Object.values(files).forEach((name) => writeFileSync(runnerFile(name), ""));
            writeFileSync(runnerFile("script"), step.run);
            const given = { ...definition.env, ...variables, ...step.env };
            const stepEnvironment = {
                ...env,
                ...Object.fromEntries(Object.entries(files).map(([name, value]) => [name, runnerFile(value)])),
                RUNNER_TEMP: temp,
                PATH: [...folders, checkout.environment.PATH].join(path.delimiter),
                ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, text(value, known())])),
            };
            const ended = await bash(checkout, runnerFile("script"), stepEnvironment);
            carriedOut.add(`${file} ${job}: ${step.name}`);
            results[step.name ?? ""] = ended;
            failed ||= ended.status !== 0;
            stepContexts[step.id ?? ""] = { outputs: assignments(runnerFile(files.GITHUB_OUTPUT)) };
            Object.assign(variables, assignments(runnerFile(files.GITHUB_ENV)));
            folders.unshift(...readFileSync(runnerFile(files.GITHUB_PATH), "utf8").split("\n").filter(Boolean));
            summary += readFileSync(runnerFile(files.GITHUB_STEP_SUMMARY), "utf8");
        }
        const outputs = Object.entries(definition.outputs ?? {}).map(([name, value]) => [name, text(value, known())]);
        return { skipped, failed, steps: results, outputs: Object.fromEntries(outputs), summary };
    } finally {
        rmSync(temp, { recursive: true });
    }
}

/** A script, started as the runner does it with `shell: bash`. */
function bash(checkout: Checkout, script: string, env: NodeJS.ProcessEnv): Promise<Ended> {
    return new Promise((resolve, reject) => {
        const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], {
            cwd: checkout.folder,
            env: { ...checkout.environment, ...env },
        });
        let said = "";
        for (const stream of [child.stdout, child.stderr]) {
            stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
        }
        child.on("error", reject);
        child.on("close", (status) => resolve({ status: status ?? 1, text: said }));
    });
}

/** Reads "name<<delimiter", the value's lines, "delimiter". */
function assignments(file: string): Record<string, string> {
    const found = readFileSync(file, "utf8").matchAll(/^(\w+)<<(.+)\n([^]*?)\n\2$/gm);
    return Object.fromEntries([...found].map(([, name = "", , value = ""]) => [name, value]));
}

/** Whether a step or job is carried out; without a condition, or with one that asks for no status, only after success. */
function condition(expression: string | undefined, contexts: object, failed: boolean): boolean {
    const bare = expression?.replace(/^\$\{\{([^]*)\}\}$/, "$1") ?? "true";
    const always = /\b(always|cancelled)\(\)/.test(bare);
    return (always || !failed) && Boolean(evaluate(bare, contexts));
}

/** A value of the workflow, with its expressions replaced. */
const text = (value: string, contexts: object) =>
    String(value).replace(/\$\{\{([^]*?)\}\}/g, (_, expression: string) =>
        String(evaluate(expression, contexts) ?? ""),
    );

/** As much of GitHub's expressions as these workflows use. @throws for anything else */
function evaluate(expression: string, contexts: object): unknown {
    const literalOrPath = /'[^']*'|[A-Za-z_][\w-]*(?:\.[\w*-]+)+/g;
    const script = expression.replace(literalOrPath, (part) => (part.startsWith("'") ? part : `get("${part}")`));
    const get = (name: string) => lookUp(contexts, name.split(".")) ?? "";
    const functions = {
        get,
        always: () => true,
        cancelled: () => false,
        join: (items: readonly string[], separator: string) => items.join(separator),
    };
    // The expressions are the project's own; JavaScript's operators mean the same for what they compare.
    return new Function(...Object.keys(functions), `return (${script});`)(...Object.values(functions));
}

function lookUp(value: unknown, [first, ...rest]: readonly string[]): unknown {
    if (first === undefined || value === undefined || value === null) {
        return value;
    }
    return first === "*"
        ? Object.values(value).map((each) => lookUp(each, rest))
        : lookUp((value as Record<string, unknown>)[first], rest);
}
