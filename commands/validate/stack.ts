import { hostname } from "node:os";
import { declarable } from "../../components/parts";
import type { PlannedStack } from "../../components/planned";
import { planned } from "../../components/planned";
import { readDeclaration } from "../../config/declaration";
import { rulesOf } from "../../config/render/rules";
import type { OwnRule } from "../../config/ownRules";
import { inFile } from "../../config/ownRules";
import type { UserFiles } from "../../config/schema/part";
import { pathOf } from "../../config/schema/part";
import type { Problem } from "../../config/schema/problems";
import { ConfigError, keyOf, lineOf, show } from "../../config/schema/problems";
import type { Mistake, StackFile } from "../../config/stackFile";
import { projectDefaults, readStackFile } from "../../config/stackFile";
import { ToolError } from "../../toolchain/process";
import { checkDashboard, checkRule } from "./expressions";

/** What was found in a stack file. */
export interface Stack extends Pick<StackFile, "locate"> {
    /** The file's name, e.g. "Pulumi.dev.yaml". */
    readonly file: string;
    readonly mistakes: readonly Mistake[];
    /** Those of the declaration, by their places in it. */
    readonly problems: readonly Problem[];
    /** A mistake that is no other stack's, in the stack file itself, wherever the value was written. */
    readonly locateHere: (problem: Problem) => Mistake;
    /** Absent where there are mistakes, or where only Pulumi can read something that is no secret. */
    readonly plan?: PlannedStack;
    /** The rules of somebody's own. */
    readonly own?: readonly OwnRule[];
    /** What could not be checked for the latter reason, by its key. */
    readonly unreadable: readonly Problem[];
}

/** Checks a stack file as far as this can be done without Docker and without Pulumi. */
export function checkStack(file: string, files: UserFiles): Stack {
    const { declared, unreadable, mistakes, ...own } = readStackFile(files.readFile(file));
    const all = { ...projectDefaults(files.readFile("Pulumi.yaml")), ...declared };
    const { plan, problems } = parsed(all, file.slice("Pulumi.".length, -".yaml".length), files);
    const placed = (problem: Problem) => plan?.placed(problem) ?? problem;
    const locate = (problem: Problem) => own.locate(placed(problem));
    const isUnreadable = ({ path: place, at }: Problem) =>
        at === undefined && unreadable.some((hidden) => hidden.every((step, i) => place[i] === step));
    const rules = (plan?.parts ?? []).flatMap(({ plan: ofPart }) => ofPart.ownRules ?? []);
    const expressions = plan ? [...expressionProblems(plan), ...ownRuleProblems(rules)] : [];
    const found = [...problems.filter((problem) => !isUnreadable(problem)), ...expressions];
    return {
        file,
        locate,
        locateHere(problem) {
            const { at } = placed(problem);
            return at === undefined
                ? locate(problem)
                : {
                      line: own.lineAt(["extends"]),
                      message: `${lineOf(problem)} (${at.file}:${at.line} says it)`,
                  };
        },
        mistakes: [...mistakes, ...found.map(locate)],
        problems: found,
        ...(plan && mistakes.length + found.length === 0 && { plan, own: rules }),
        unreadable: problems.filter(isUnreadable),
    };
}

/** A mistake with the place where it stands. */
export const told = (stack: Stack, { file = stack.file, line, message }: Mistake) => `  ${file}:${line}: ${message}`;

/** @throws ToolError with all mistakes, if there are any */
export function refuse(mistakes: readonly string[]): void {
    const lines = [...new Set(mistakes)];
    const count = lines.length === 1 ? "1 mistake" : `${lines.length} mistakes`;
    if (lines.length > 0) {
        throw new ToolError(`${count} in the stack files:\n${lines.join("\n")}`);
    }
}

/** Why a stack has no plan though there is no mistake. */
export function unchecked(unreadable: Stack["unreadable"]): string {
    const keys = [...new Set(unreadable.map((problem) => keyOf(problem.path).slice(0, -1)))].join(", ");
    return `not checked to the end: only Pulumi can read ${keys}`;
}

function parsed(
    declared: StackFile["declared"],
    stack: string,
    files: UserFiles,
): { plan?: PlannedStack; problems: readonly Problem[] } {
    try {
        // A secret that can be read is not encrypted.
        const surroundings = { stack, hostName: hostname(), encrypted: new Set<string>(), ...files };
        const declaration = readDeclaration(declared, surroundings, declarable);
        return { plan: planned(declarable, declaration, surroundings), problems: [] };
    } catch (error) {
        if (error instanceof ConfigError) {
            return { problems: error.problems };
        }
        throw error;
    }
}

/** What is wrong with the PromQL of rules and dashboards. */
const expressionProblems = (plan: PlannedStack): Problem[] => [...ruleProblems(plan), ...dashboardProblems(plan)];

function ruleProblems({ config, published }: PlannedStack): Problem[] {
    return published.jobs.flatMap((job) => {
        const index = config.scrapeJobs.findIndex(({ jobName }) => jobName === job.jobName);
        return rulesOf(config, job)
            .flatMap(({ alert, expr }) => checkRule({ kind: "alert", name: alert, expr }))
            .map((words) => ({
                path: index === -1 ? ["scrapeJobs"] : ["scrapeJobs", index],
                message: `${show(job.jobName)} makes no valid PromQL of ${words}`,
            }));
    });
}

/** The rules of somebody's own are told by their files and lines. */
const ownRuleProblems = (rules: readonly OwnRule[]): Problem[] =>
    rules.flatMap((rule) => checkRule(rule).map((words) => inFile(rule, `there is no valid PromQL in ${words}`)));

/** The queries of all dashboards. A user's file is told by its place in the declaration. */
function dashboardProblems({ parts: on, published }: PlannedStack): Problem[] {
    return on.flatMap(({ part, plan, settings }) =>
        Object.entries(plan.dashboards?.(published) ?? {})
            .filter(([file]) => file.endsWith(".json"))
            .flatMap(([file, text]) => {
                const place = plan.placeOf?.(file);
                const name = place === undefined ? file : valueAt(settings, place.slice(pathOf(part).length));
                return checkDashboard(text).map((words) => ({
                    path: place ?? pathOf(part),
                    message: `${show(name)} has no valid PromQL in ${words}`,
                }));
            }),
    );
}

const valueAt = (declared: unknown, place: Problem["path"]): unknown =>
    place.reduce<unknown>((value, step) => (value as Readonly<Record<PropertyKey, unknown>>)[step], declared);
