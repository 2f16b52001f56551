import { parse } from "yaml";
import type { Environment } from "../environment";
import { pulumiEnvironment } from "../environment";
import { outcome, ToolError } from "../../toolchain/process";
import { stackFileCopy } from "../stackFileCopy";
import { json } from "../../components/probe";
import type { Difference } from "./facts";

/** The longest that a preview may take, in milliseconds: with thousands of targets promtool takes a while. */
const patience = 600_000;

/** What `pulumi preview --json` prints, as far as it is read. */
export interface Preview {
    readonly steps?: readonly Step[];
    readonly diagnostics?: readonly { readonly severity: string; readonly message: string }[];
}

interface Step {
    readonly op: string;
    readonly urn: string;
    readonly oldState?: State;
    readonly newState?: State;
    readonly diffReasons?: readonly string[];
    readonly replaceReasons?: readonly string[];
}

interface State {
    readonly type: string;
    readonly inputs?: { readonly environment?: Readonly<Record<string, string>>; readonly stdin?: string };
}

/** What was found out, and what a preview could not check. */
export interface Comparison {
    readonly differences: Difference[] | null;
    readonly unknown: string[];
}

/**
 * Compares the declaration with what runs, as the next preview does: with the declaration's own program, and a look at every
 * container and volume. Changes nothing on the Docker host, not even its images.
 * @param without the parts that are left out, and why; see provideImages
 */
export async function compare(stack: string, without: Environment): Promise<Comparison> {
    const env = {
        ...(await pulumiEnvironment(stack)),
        METRICS_STACK_PULL_IMAGES: "false",
        ...without,
    };
    const args = ["preview", "--json", "--non-interactive", "--config-file", stackFileCopy(stack)];
    const { status, stdout, stderr } = await outcome("pulumi", args, { env, timeout: patience });
    const preview = json<Preview>(stdout.slice(stdout.indexOf("{"))) ?? {};
    if (status !== 0) {
        const said = messages(preview, "error").join("\n") || stderr.trim() || stdout.trim();
        throw new ToolError(said);
    }
    const unchecked = messages(preview, "warning").filter((message) => message.startsWith(notChecked));
    return { differences: differences(preview), unknown: unchecked };
}

const messages = ({ diagnostics = [] }: Preview, wanted: string) =>
    diagnostics
        .filter(({ severity }) => severity === wanted)
        .map(({ message }) => message.replace(/^(error|warning): /, "").trim());

/** What the program says where it could not compare a volume; see components/preflight.ts. */
const notChecked = "Not checked: whether somebody changed";

/** Commands of the delivery get these from others: they run again after another difference, and are none by themselves. */
const consequences = new Set(["GENERATION", "RELEASE", "SECRETS", "CONTAINER"]);

/** What a preview would change. */
export function differences({ steps = [] }: Preview): Difference[] {
    const known = new Set(steps.filter(({ op, oldState }) => op === "refresh" && oldState).map(({ urn }) => urn));
    const said = new Set<string>();
    return steps
        .filter(({ op, urn }) => !["same", "refresh", "read"].includes(op) && !urn.includes("::pulumi:pulumi:Stack::"))
        .map((step) => {
            const { op, urn, oldState, newState, diffReasons = [] } = step;
            const resource = urn.split("::").at(-1) ?? urn;
            // What somebody changed by hand has every step of a delivery run again: it is said once.
            const isNew = (reason: string) => !said.has(`${delivery(resource)} ${reason}`);
            const reasons = reasonsOf(step, known).filter(isNew);
            reasons.forEach((reason) => said.add(`${delivery(resource)} ${reason}`));
            return {
                op,
                resource,
                type: (newState ?? oldState)?.type ?? "",
                diffReasons: [...diffReasons].sort(),
                reason: reasons.join("; "),
            };
        });
}

/** What a step of the delivery delivers: "prometheus-config" of "prometheus-config-stage". */
export const delivery = (resource: string) => resource.replace(/-(secrets|stage|activate)$/, "");

function reasonsOf(step: Step, known: ReadonlySet<string>): string[] {
    const { op, urn, oldState, newState, diffReasons = [], replaceReasons = [] } = step;
    if (op === "create") {
        return [known.has(urn) ? "it was removed" : "it is declared, and not there"];
    }
    if (op === "delete") {
        return ["it is there, and not declared"];
    }
    if (diffReasons.includes("mustRun")) {
        return ["it does not run"];
    }
    if (newState?.type !== "command:local:Command") {
        return [otherwise(replaceReasons.length > 0 ? replaceReasons : diffReasons)];
    }
    const [before, now] = [oldState?.inputs ?? {}, newState.inputs ?? {}];
    const variables = Object.keys({ ...before.environment, ...now.environment }).filter(
        (name) => !consequences.has(name) && before.environment?.[name] !== now.environment?.[name],
    );
    const others = diffReasons.filter((key) => key !== "stdin" && !key.startsWith("environment"));
    const files = diffReasons.includes("stdin") ? changedFiles(before.stdin, now.stdin) : [];
    return [
        byHand(before.environment?.GENERATION, now.environment?.GENERATION),
        otherwise([...files, ...others, ...variables]),
    ].filter(Boolean);
}

/** What the declaration has otherwise. */
function otherwise(what: readonly string[]): string {
    const rest = what.length > 5 ? `, and ${what.length - 5} more` : "";
    return what.length === 0 ? "" : `declared otherwise: ${what.slice(0, 5).join(", ")}${rest}`;
}

/** The reason in a generation, e.g. "somebody changed targets/shop.yml" in "2026-01-31T12:00:00.000Z: somebody ...". */
function byHand(before = "", now = ""): string {
    const [, reason = ""] = /^\S+: (.*)$/.exec(now) ?? [];
    return before === now ? "" : reason;
}

/** The files that a release has otherwise than the one before. */
function changedFiles(before = "", now = ""): string[] {
    const [old, wanted] = [before, now].map(files);
    if (!old || !wanted) {
        return ["a secret"];
    }
    return Object.keys({ ...old, ...wanted })
        .filter((file) => old[file] !== wanted[file])
        .sort();
}

/** @returns undefined where Pulumi hides it */
function files(text: string): Readonly<Record<string, string>> | undefined {
    const parsed: unknown = text === "[secret]" ? undefined : parse(text);
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, string>) : undefined;
}
