import { isDeepStrictEqual } from "node:util";
import type { CheckFailure, Diff, Difference, Properties } from "./provider";
import { unknown } from "./provider";

/** What the provider does with a changed input. */
export interface Input {
    /** `replace`: a new resource. `update`: in place, or only recorded. */
    readonly change: "replace" | "update" | ((before: unknown, after: unknown) => "replace" | "update");
    /** What an input that is left out means. `computed`: whatever the resource has. */
    readonly absent?: unknown;
    /** True: also an input that was never given has to be as its default says. */
    readonly enforced?: boolean;
    /** The form in which two values are compared: sorted, with defaults. */
    readonly canonical?: (value: unknown) => unknown;
    /** What is wrong with a value. @returns undefined if nothing is */
    readonly wrong?: (value: unknown) => { path?: string; reason: string } | undefined;
}

export const computed = Symbol("computed");

/** Compares inputs with the state, one by one. */
export function compare(
    inputs: Readonly<Record<string, Input>>,
    state: Properties,
    before: Properties,
    after: Properties,
): Diff["differences"] {
    const differences: Record<string, Difference> = {};
    for (const [key, input] of Object.entries(inputs)) {
        const given = present(after[key]);
        const undeclared = !given && !present(before[key]);
        if ((undeclared && !input.enforced) || (!given && input.absent === computed)) {
            continue;
        }
        const canonical = input.canonical ?? ((value: unknown) => value);
        const old = canonical(present(state[key]) ? state[key] : input.absent);
        // Nothing is known of it yet, not even its shape.
        const wanted = after[key] === unknown ? unknown : canonical(given ? after[key] : input.absent);
        if (isDeepStrictEqual(old ?? null, wanted ?? null)) {
            continue;
        }
        const change = typeof input.change !== "function" ? input.change : input.change(old, wanted);
        const kind = undeclared ? "update" : !given ? "delete" : present(state[key]) ? "update" : "add";
        differences[key] = { kind, replace: change === "replace" };
    }
    return differences;
}

const present = (value: unknown) => value !== undefined && value !== null;

/** Refuses what is not an input, what is not supported, and values that are wrong, in the official plugin's words. */
export function check(
    type: string,
    inputs: Readonly<Record<string, Input>>,
    unsupported: readonly string[],
    name: string,
    given: Properties,
): CheckFailure[] {
    return Object.entries(given).flatMap(([property, value]) => {
        if (unsupported.includes(property)) {
            const reason = `${type}: input "${property}" is not supported by the plugin from packages; use the official plugin (TOOLCHAIN=official)`;
            return [{ property, reason }];
        }
        const input = inputs[property];
        if (!input) {
            return [{ property, reason: `Invalid or unknown key. Examine values at '${name}.${property}'.` }];
        }
        const wrong = value === unknown ? undefined : input.wrong?.(value);
        return wrong
            ? [
                  {
                      property,
                      reason: `${wrong.reason}. ${wrong.reason}. Examine values at '${name}.${wrong.path ?? property}'.`,
                  },
              ]
            : [];
    });
}

/** A list whose order does not matter. */
export const unordered = (value: unknown) =>
    Array.isArray(value)
        ? [...value].map(withSortedKeys).sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)))
        : value;

/** A list of objects in which what is left out has a default, and order does not matter. */
export const unorderedWith = (defaults: Properties) => (value: unknown) =>
    unordered(Array.isArray(value) ? value.map((item) => withDefaults(defaults, item)) : value);

/** The object with its defaults, and without what is null. */
export function withDefaults(defaults: Properties, value: unknown): Properties {
    const given = Object.entries((value ?? {}) as Properties).filter(([, item]) => present(item));
    return { ...defaults, ...Object.fromEntries(given) };
}

function withSortedKeys(value: unknown): unknown {
    return typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => compareText(a, b)))
        : value;
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
