import { parse } from "yaml";
import type { Problem } from "../schema/problems";
import { show } from "../schema/problems";
import { Secret, sharedSecret } from "../schema/secret";
import type { Surroundings } from "../schema/part";

/**
 * A secret that stands readable in the stack file would be in git, and in every message that quotes the file. Pulumi tells
 * only of whole keys that something in them was encrypted: which part is not, the stack file says, where it is at hand.
 */
export function plainSecrets(
    settings: unknown,
    { stack, encrypted, readFile, isShared = () => false }: Surroundings,
): Problem[] {
    const found = secrets(settings).filter(({ secret }) => secret.isReadable);
    const shared = found.filter(({ path }) => isShared(path));
    const readable = found.filter((each) => !shared.includes(each));
    // A file with many targets takes long to read.
    const written = readable.length > 0 ? writtenIn(readFile, `Pulumi.${stack}.yaml`) : undefined;
    const own = readable
        .filter(({ path, secret }) => {
            const inFile = path.reduce<unknown>(inside, written);
            return !encrypted.has(String(path[0])) || inFile === secret.reveal();
        })
        .map(({ path }) => {
            const key = path.reduce<string>(
                (text, step) => text + (typeof step === "number" ? `[${step}]` : `.${step}`),
                "",
            );
            const command = `pulumi config set --path --secret '${key.slice(1)}'`;
            return { path, message: `is in plain text; remove it and store it encrypted: ${command}` };
        });
    return [...own, ...shared.map(({ path }) => ({ path, message: sharedSecret }))];
}

/**
 * The mistakes without the secrets in them: one that was stored under the key of something else would be quoted. A short one is
 * found where it is quoted as a whole, or half of the words would be taken for it.
 * @param raw the stack file's own declaration
 */
export function withoutSecrets(
    problems: readonly Problem[],
    raw: Readonly<Record<string, unknown>>,
    { stack, encrypted, readFile }: Pick<Surroundings, "stack" | "encrypted" | "readFile">,
): Problem[] {
    const written = encrypted.size > 0 ? writtenIn(readFile, `Pulumi.${stack}.yaml`) : undefined;
    const hidden = [...encrypted]
        .flatMap((key) => encryptedTexts(raw[key], inside(written, key)))
        .flatMap((text) => [show(text), ...(text.length >= 8 ? [text] : [])]);
    return problems.map(({ message, ...rest }) => ({
        ...rest,
        message: hidden.reduce((words, each) => words.replaceAll(each, "[secret]"), message),
    }));
}

/**
 * The texts of a value that the stack file has encrypted.
 * @param written what stands in the stack file in its place
 */
function encryptedTexts(value: unknown, written: unknown): string[] {
    const isEncrypted = inside(written, "secure") !== undefined;
    if (typeof value === "string") {
        return isEncrypted ? [value] : [];
    }
    // A list or an object may be encrypted as a whole.
    return Object.entries(value ?? {}).flatMap(([key, item]) =>
        encryptedTexts(item, isEncrypted ? written : inside(written, key)),
    );
}

/** What a stack file declares, without its prefixes; nothing where it cannot be read: another one may be in use. */
function writtenIn(readFile: Surroundings["readFile"], stackFile: string): unknown {
    try {
        const { config } = parse(readFile(stackFile)) as { config: Record<string, unknown> };
        return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace(/^.*:/, ""), value]));
    } catch {
        return undefined;
    }
}

const inside = (value: unknown, step: string | number): unknown =>
    typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[step] : undefined;

interface FoundSecret {
    readonly path: readonly (string | number)[];
    readonly secret: Secret;
}

function secrets(value: unknown, path: readonly (string | number)[] = []): FoundSecret[] {
    if (value instanceof Secret) {
        return [{ path, secret: value }];
    }
    if (Array.isArray(value)) {
        return value.flatMap((item, i) => secrets(item, [...path, i]));
    }
    return typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, item]) => secrets(item, [...path, key]))
        : [];
}
