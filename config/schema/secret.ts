/** Stands in a declaration for what only Pulumi can read: right where a secret belongs, and nothing else anywhere. */
export const encrypted = Symbol("encrypted");

/** What is said of a secret, encrypted or not, in a file that stacks extend. */
export const sharedSecret =
    "is a secret in a file that stacks extend, and it can be encrypted for one stack only; remove it, and store it in each " +
    "stack file: pulumi config set --path --secret (docs/fleets.md)";

/**
 * A secret that cannot be printed by accident: as text, as JSON and in an error it reads "[secret]".
 * Only `reveal()` gives the value, so a search for it finds every place where a secret is used.
 */
export class Secret {
    readonly #value: string | undefined;

    /** @param value absent where only Pulumi can read it */
    constructor(value?: string) {
        this.#value = value;
    }

    get isReadable(): boolean {
        return this.#value !== undefined;
    }

    /** @throws if it cannot be read */
    reveal(): string {
        if (this.#value === undefined) {
            throw new Error("The secret is encrypted.");
        }
        return this.#value;
    }

    /** Whether it is as it should be. One that cannot be read counts as right. */
    satisfies(check: (value: string) => boolean): boolean {
        return this.#value === undefined || check(this.#value);
    }

    toString(): string {
        return "[secret]";
    }

    toJSON(): string {
        return "[secret]";
    }
}
