import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { project } from "./checkout";
import { output } from "./process";

/**
 * Where Pulumi keeps the state, and what encrypts its secrets: this checkout's own folder unless the environment names
 * another backend. Losing the folder means losing track of what runs; it belongs into a backup or another backend.
 */
export const folder = path.join(project, ".state");
// In a URL `#`, `?` and `%` of a folder's name are written in another way.
const ownBackend = pathToFileURL(folder).href;
const stacks = path.join(folder, ".pulumi", "stacks", "metrics-stack");
/** A copy of the project, for the commands that would write into the stack file. */
export const copies = path.join(folder, "project");

/** The environment variables of the state. Those that the user has set win. */
export function stateEnvironment(): Record<string, string> {
    const { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE } = process.env;
    // Empty is unset to Pulumi: https://www.pulumi.com/docs/iac/cli/environment-variables/
    if (PULUMI_BACKEND_URL) {
        return {};
    }
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const env = { PULUMI_BACKEND_URL: ownBackend };
    if (PULUMI_CONFIG_PASSPHRASE !== undefined || PULUMI_CONFIG_PASSPHRASE_FILE !== undefined) {
        return env;
    }
    const file = path.join(folder, "passphrase");
    if (!existsSync(file)) {
        writeFileSync(file, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
    }
    return { ...env, PULUMI_CONFIG_PASSPHRASE_FILE: file };
}

/** What Pulumi knows of a stack. */
export interface Checkpoint {
    readonly resources: readonly {
        readonly type: string;
        readonly id?: string;
        readonly inputs?: Readonly<Record<string, unknown>>;
        readonly outputs?: Readonly<Record<string, unknown>>;
        readonly initErrors?: readonly string[];
        /** It was replaced, and could not be deleted yet. */
        readonly delete?: boolean;
    }[];
    /** What a deployment that was killed was doing. */
    readonly pending_operations?: readonly {
        readonly type: string;
        readonly resource: { readonly type: string; readonly inputs?: Readonly<Record<string, unknown>> };
    }[];
    /** What its secrets were encrypted with. */
    readonly secrets_providers?: { readonly state?: { readonly salt?: string } };
}

/** The state of a stack, without asking Pulumi. @returns undefined where there is none, or another backend keeps it */
export function readCheckpoint(stack: string, env: Readonly<Record<string, string>>): Checkpoint | undefined {
    if (env.PULUMI_BACKEND_URL !== ownBackend) {
        return undefined;
    }
    try {
        const { checkpoint } = JSON.parse(readFileSync(stateFile(stack), "utf8")) as {
            checkpoint: { latest?: Partial<Checkpoint> };
        };
        const { resources, ...rest } = checkpoint.latest ?? {};
        return resources && { ...rest, resources };
    } catch {
        return undefined;
    }
}

/** Whether a deployment of a stack is under way, or was killed. Only of the checkout's own state anybody can know. */
export const isLocked = (stack: string): boolean => {
    const locks = path.join(folder, ".pulumi", "locks", "organization", "metrics-stack", shortName(stack));
    return existsSync(locks) && readdirSync(locks).length > 0;
};

/** The stack's outputs, without the secret ones. */
export function stackOutputs(stack: string, env: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
    const known = readCheckpoint(stack, env)?.resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs;
    return known ?? (JSON.parse(output("pulumi", ["stack", "output", "--json"], { env })) as Record<string, unknown>);
}

/** What states, stack files and Docker objects are called after: "prod" of a stack's full name "organization/project/prod". */
export const shortName = (stack: string) => stack.slice(stack.lastIndexOf("/") + 1);
const stateFile = (stack: string) => path.join(stacks, `${shortName(stack)}.json`);

/** Sees to it that the stack exists. Its stack file has been copied before. */
export function ensureStack(stack: string, env: Readonly<Record<string, string>>): void {
    // Of another backend only Pulumi knows.
    const known = env.PULUMI_BACKEND_URL === ownBackend && existsSync(stateFile(stack));
    if (!known) {
        output("pulumi", ["stack", "select", stack, "--create", "--non-interactive"], { cwd: copies, env });
    }
}
