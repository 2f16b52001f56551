/** A value as Pulumi hands it over: lists and objects as JSON and everything else as it was written. */
export function structured(value: string): unknown {
    try {
        return /^[[{]/.test(value) ? JSON.parse(value) : value;
    } catch {
        return value; // Text that only begins like a list or an object.
    }
}

/** What stands in the place of a value that is too long for Pulumi to hand over: commands/longStackFile.ts. */
export interface DeclaredElsewhere {
    /** The file that holds it, as JSON. */
    readonly declaredIn: string;
    /** What is encrypted of it. */
    readonly secrets: readonly unknown[];
}

/** In that file, `{ [secretPlace]: 2 }` is the third secret. */
export const secretPlace = "metrics-stack:secret";

/** @param value as Pulumi hands it over @returns the value that was declared */
export function complete(value: unknown, readFile: (path: string) => string): unknown {
    const { declaredIn, secrets = [] } = (value ?? {}) as Partial<DeclaredElsewhere>;
    return typeof declaredIn === "string"
        ? JSON.parse(readFile(declaredIn), (_, each: unknown) => {
              const place = (each as Record<string, unknown> | null)?.[secretPlace];
              return typeof place === "number" ? secrets[place] : each;
          })
        : value;
}
