import { hostname } from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as runtime from "@pulumi/pulumi/runtime";
import { complete, structured } from "./handedOver";
import type { Declaration } from "./declaration";
import { readDeclaration } from "./declaration";
import { extended } from "./extends";
import { filesIn } from "./userFiles";
import type { Declarable, DeclaredPart } from "./schema/part";
import { commonKeys, isOn, knownParts, leftOut } from "./schema/part";

const prefix = "metrics-stack:";

// The SDK exports this one without declaring its type.
const { isConfigSecret } = runtime as unknown as { isConfigSecret(key: string): boolean };

/**
 * Reads this stack's configuration; the only module that does, and the only one that looks at the environment
 * and at the user's files.
 * @throws ConfigError that lists every mistake at once.
 */
export function loadDeclaration(declarable: readonly Declarable[]): Declaration {
    const entries = Object.entries(runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
    const raw = Object.fromEntries(
        entries.map(([key, value]) => [key.slice(prefix.length), complete(structured(value), userFiles.readFile)]),
    );
    const surroundings = {
        stack: pulumi.getStack(),
        hostName: dockerHostName(dockerEndpoint(declaredEndpoint())),
        ...userFiles,
        encrypted: new Set(Object.keys(raw).filter((key) => isConfigSecret(prefix + key))),
    };
    const declaration = readDeclaration(raw, surroundings, declarable);
    // What is in a list or a group was declared by name: nothing of it is left out.
    return knownParts(declarable)
        .filter(({ path }) => path === undefined)
        .reduce(withoutMissing, declaration);
}

/** The user's files. */
export const userFiles = filesIn(path.join(__dirname, ".."));

/** What is declared of the Docker endpoint, whether or not it is right. */
export function declaredEndpoint(): string | undefined {
    const own = runtime.allConfig();
    const entries = ["extends", "dockerHost"].flatMap((key) => {
        const value = own[prefix + key];
        return value === undefined ? [] : [[key, structured(value)] as const];
    });
    const { dockerHost } = extended(Object.fromEntries(entries), userFiles).declared;
    return dockerHost === undefined ? undefined : String(dockerHost);
}

/** The Docker endpoint in use: what the stack declares, else DOCKER_HOST. @returns undefined for the local socket */
export function dockerEndpoint<Declared>(declared: Declared | undefined): Declared | string | undefined {
    return declared ?? (process.env.DOCKER_HOST || undefined);
}

/** False where METRICS_STACK_SKIP_HOST_CHECKS is true: in a pull request's check, say, that cannot reach the Docker host. */
export function checksHost(): boolean {
    return process.env.METRICS_STACK_SKIP_HOST_CHECKS !== "true";
}

/** False where METRICS_STACK_PULL_IMAGES is false: `npm run status` looks, and changes nothing on the Docker host. */
export function pullsImages(): boolean {
    return process.env.METRICS_STACK_PULL_IMAGES !== "false";
}

/** The name of the machine behind a Docker endpoint: "ssh://admin@web-1:22" is "web-1", a local socket is this machine. */
function dockerHostName(endpoint: unknown): string {
    const [, host] = /^(?:ssh|tcp|https?):\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)/.exec(String(endpoint ?? "")) ?? [];
    return host === undefined || /^(localhost|127\.0\.0\.1|\[::1\])$/.test(host) ? hostname() : host;
}

/** Where a part's image cannot be had, the rest of the stack comes up, and every preview says why that part does not. */
function withoutMissing({ config, settings, ...rest }: Declaration, part: DeclaredPart): Declaration {
    const reason = process.env[leftOut(part)];
    const declared = commonKeys(settings, part);
    if (!reason || !isOn({ ...config, ...settings }, part)) {
        return { config, settings, ...rest };
    }
    void pulumi.log.warn(`${part.title} is left out: ${reason}`);
    return { config, settings: { ...settings, [part.key]: { ...declared, enabled: false } }, ...rest };
}
