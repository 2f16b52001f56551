/**
 * A secret that cannot be printed by accident: as text, as JSON and in an error it reads "[secret]".
 * Only `reveal()` gives the value, so a search for it finds every place where a secret is used.
 */
export class Secret {
    readonly #value: string;

    constructor(value: string) {
        this.#value = value;
    }

    reveal(): string {
        return this.#value;
    }

    toString(): string {
        return "[secret]";
    }

    toJSON(): string {
        return "[secret]";
    }
}
