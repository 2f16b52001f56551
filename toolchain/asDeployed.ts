import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { dockerOutcome, patience } from "./docker";
import { ToolError } from "./process";
import type { Checkpoint } from "./state";
import { folder, readCheckpoint } from "./state";

/**
 * Whether Docker's objects and Pulumi's state are as the last `npm run up` left them: then a refresh would find nothing. The
 * official provider takes two seconds for one. In any doubt they are not: another backend, a state that something else has
 * changed, a deployment that did not come to its end, an object that is missing or that is another one.
 */
export async function isAsDeployed(stack: string, env: Readonly<Record<string, string>>): Promise<boolean> {
    const now = await fingerprint(stack, env);
    return now !== undefined && now === noted(stack);
}

/** Notes how a deployment that came to its end left everything. */
export async function noteDeployed(stack: string, env: Readonly<Record<string, string>>): Promise<void> {
    const file = noteOf(stack);
    const now = await fingerprint(stack, env);
    if (now === undefined) {
        rmSync(file, { force: true });
    } else if (now !== noted(stack)) {
        mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
        writeFileSync(file, now);
    }
}

/** Beside the state, which it belongs to. */
const noteOf = (stack: string) => path.join(folder, "deployed", stack.replaceAll("/", "-"));

function noted(stack: string): string | undefined {
    try {
        return readFileSync(noteOf(stack), "utf8");
    } catch {
        return undefined;
    }
}

const dockerTypes = /^docker:index\/(container|network|volume):/;

/** @returns undefined where something is missing, stopped or unfinished */
async function fingerprint(stack: string, env: Readonly<Record<string, string>>): Promise<string | undefined> {
    const checkpoint = readCheckpoint(stack, env);
    const known = checkpoint?.resources.filter(({ type }) => dockerTypes.test(type)) ?? [];
    const ids = known.flatMap(({ id }) => id ?? []);
    if (!checkpoint || ids.length === 0 || isUnfinished(checkpoint) || known.some(wasDown)) {
        return undefined;
    }
    try {
        const { status, stdout } = await dockerOutcome(["inspect", ...ids], { timeout: patience.look });
        const objects = status === 0 ? (JSON.parse(stdout) as Inspected[]) : [];
        if (objects.length !== ids.length || objects.some(({ State }) => State?.Running === false)) {
            return undefined;
        }
        const { DOCKER_HOST = "" } = process.env;
        const compared = known.map(({ id, inputs, outputs }) => ({ id, inputs, outputs }));
        const text = JSON.stringify([DOCKER_HOST, canonical(compared), canonical(objects.map(lasting))]);
        return createHash("sha256").update(text).digest("hex");
    } catch (error) {
        if (error instanceof ToolError) {
            return undefined;
        }
        throw error;
    }
}

function isUnfinished({ resources, pending_operations }: Checkpoint): boolean {
    const unfinished = resources.some(({ initErrors, delete: isLeft }) => isLeft || (initErrors ?? []).length > 0);
    return unfinished || (pending_operations ?? []).length > 0;
}

/** Whether Pulumi looked at a container while it did not run: then it has no ports, and only a refresh finds out that it has. */
const wasDown = ({ inputs, outputs }: Checkpoint["resources"][number]) =>
    lengthOf(inputs?.ports) > lengthOf(outputs?.ports);

const lengthOf = (list: unknown) => (Array.isArray(list) ? list.length : 0);

/** What `docker inspect` says of an object: a container has a state, a network has containers. */
interface Inspected {
    readonly State?: { readonly Running?: boolean };
    readonly NetworkSettings?: {
        readonly Ports?: unknown;
        readonly Networks?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
    readonly [property: string]: unknown;
}

/** What stays the same as long as nobody changes the object: not what a health check, a restart or a neighbour does to it. */
function lasting({
    State,
    RestartCount: _,
    ExecIDs: __,
    Containers: ___,
    NetworkSettings,
    ...rest
}: Inspected): object {
    const networks = Object.entries(NetworkSettings?.Networks ?? {});
    return {
        ...rest,
        running: State?.Running,
        ports: NetworkSettings?.Ports,
        networks: networks.map(([name, { EndpointID: ____, ...network }]) => [name, network]),
    };
}

/**
 * The same text for what is the same: lists have another order each time, a refresh writes what is empty or off in other
 * ways, and properties that begin with __ are the notes of Pulumi's providers.
 */
function canonical(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map((item) => JSON.stringify(canonical(item))).sort();
    }
    if (typeof value === "object" && value !== null) {
        const entries = Object.entries(value)
            .filter(([key]) => !key.startsWith("__"))
            .map(([key, item]) => [key, canonical(item)] as const)
            .filter(([, item]) => !isNothing(item))
            .sort(([a], [b]) => (a < b ? -1 : 1));
        return Object.fromEntries(entries);
    }
    return value;
}

const isNothing = (value: unknown) => !value || (typeof value === "object" && Object.keys(value).length === 0);
