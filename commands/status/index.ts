import { failure } from "../../toolchain/endpoint";
import { dockerName } from "../../components/stack";
import { readArguments } from "../arguments";
import { chooseEngine } from "../environment";
import { missingGrafana } from "../../toolchain/images/provide";
import { toolchainMode } from "../../toolchain/mode";
import { find, ToolError } from "../../toolchain/process";
import { say } from "../../toolchain/progress";
import { stackFileCopy } from "../../toolchain/state";
import { alertmanagerScript, readAlertmanager, silences } from "../../components/alertmanager/status";
import type { Answers } from "./ask";
import { askContainer, memoryUsage } from "./ask";
import { containers, isWell, lastLines } from "./containers";
import { compare } from "./differences";
import type { Container, Facts } from "./facts";
import { grafanaScript, readGrafana } from "../../components/grafana/status";
import { prometheusScript, readPrometheus } from "../../components/prometheus/status";
import { coloured, overview, plain, verdict } from "./screen";
import { judged } from "./verdict";

/**
 * Says on one screen, or as JSON, what runs and how it is, and what the next up would change. Changes nothing, asks nothing,
 * and needs only the Docker endpoint.
 * @param args `--json`; `--no-drift`: without what the next up would change, which takes seconds
 * @returns the exit code, see Status
 */
export async function status(stack: string, args: readonly string[]): Promise<number> {
    const { flags } = readArguments("status", args, { flags: ["json", "no-drift"] });
    const asJson = flags.has("json");
    const stackFile = stackFileCopy(stack);
    chooseEngine(stackFile);
    const paint = process.stdout.isTTY && !process.env.NO_COLOR ? coloured : plain;
    const print = (text: string) => process.stdout.write(`${text}\n`);

    const found = await look(stack);
    if (!asJson) {
        print(overview(judged(found), paint));
    }
    const facts =
        flags.has("no-drift") || found.containers.length === 0 ? found : await withDifferences(found, stackFile);
    const result = judged(facts);
    print(asJson ? JSON.stringify(result, undefined, 4) : `\n${verdict(result, paint)}`);
    return result.exitCode;
}

/** Adds what the next up would change. */
async function withDifferences(facts: Facts, stackFile: string): Promise<Facts> {
    say("Comparing the declaration with what runs ...");
    const runs = facts.containers.some(({ name }) => name === dockerName(facts.stack, "grafana"));
    const withoutGrafana = runs ? undefined : missingGrafana(stackFile, toolchainMode());
    const notes = withoutGrafana === undefined ? [] : [`Grafana is left out: ${withoutGrafana}`];
    try {
        const { differences, unknown } = await compare(facts.stack, withoutGrafana);
        return { ...facts, differences, unknown, notes };
    } catch (error) {
        if (!(error instanceof ToolError)) {
            throw error;
        }
        return { ...facts, unknown: [`What the next up would change: ${error.message}`], notes };
    }
}

/** What the Docker host says. */
export async function look(stack: string): Promise<Facts> {
    const nothing: Facts = {
        stack,
        dockerHost: process.env.DOCKER_HOST || "unix:///var/run/docker.sock",
        time: new Date().toISOString(),
        unknown: [],
        notes: [],
        containers: [],
        prometheus: null,
        alertmanager: null,
        grafana: null,
        differences: null,
    };
    if (!find("docker")) {
        return { ...nothing, unknown: ["Docker's command line is not on the PATH."] };
    }
    try {
        const known = await containers(stack);
        return known.length === 0
            ? { ...nothing, unknown: [`No container of the stack ${stack} is there: npm run up deploys it.`] }
            : { ...nothing, ...(await asked(stack, known, Date.parse(nothing.time))) };
    } catch (error) {
        if (!(error instanceof ToolError)) {
            throw error;
        }
        return { ...nothing, unknown: [(await failure())?.message ?? error.message] };
    }
}

/** Whom to ask what, in which shell. */
const scripts: Readonly<Record<string, readonly [script: string, shell?: string]>> = {
    prometheus: [prometheusScript],
    alertmanager: [alertmanagerScript],
    grafana: [grafanaScript, "bash"],
};

async function asked(stack: string, known: readonly Container[], now: number): Promise<Partial<Facts>> {
    const roleOf = ({ name }: Container) => name.slice(dockerName(stack).length + 1);
    const answers = Object.fromEntries(
        await Promise.all(
            known.map(async (container): Promise<[string, Answers | undefined]> => {
                const role = roleOf(container);
                const [script = "", shell] = scripts[role] ?? [];
                const runs = container.status === "running";
                return [role, runs ? await askContainer(container.name, script, shell) : undefined];
            }),
        ),
    );
    const alertmanager = answers.alertmanager && readAlertmanager(answers.alertmanager);
    const prometheus =
        answers.prometheus && readPrometheus(answers.prometheus, now, silences(answers.alertmanager ?? {}));
    const grafana = answers.grafana && readGrafana(answers.grafana);
    const silent: Record<string, string | undefined> = {
        prometheus: typeof prometheus === "string" ? prometheus : undefined,
        alertmanager: answers.alertmanager && !alertmanager ? answers.alertmanager.silent || "no answer" : undefined,
        grafana: answers.grafana && !grafana ? answers.grafana.silent || "no answer" : undefined,
    };
    return {
        containers: await Promise.all(
            known.map(async (container) => {
                const role = roleOf(container);
                const said = silent[role] === undefined ? [] : [`It does not answer: ${silent[role]}`];
                const log = isWell(container) && said.length === 0 ? [] : await lastLines(container.name);
                return {
                    ...container,
                    memoryUsage: memoryUsage(answers[role] ?? {}),
                    lastWords: [...container.lastWords, ...said, ...log],
                };
            }),
        ),
        prometheus: typeof prometheus === "object" ? prometheus : null,
        alertmanager: alertmanager ?? null,
        grafana: grafana ?? null,
    };
}
