import { isDeepStrictEqual } from "node:util";
import type { CheckFailure, Diff, Difference, Properties } from "./provider";
import { unknown } from "./provider";
import { unsupported } from "./unsupported";

/** What the provider does with a changed input. */
export interface Input {
    /** `replace`: a new resource. `update`: in place, or only recorded. */
    readonly change: "replace" | "update" | ((before: unknown, after: unknown) => "replace" | "update");
    /** What an input that is left out means. `computed`: whatever the resource has. */
    readonly absent?: unknown;
    /** The fields of an object, or of each object in a list, e.g. "bindOptions.propagation". @default any */
    readonly fields?: readonly string[];
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
        if (!given && (!present(before[key]) || input.absent === computed)) {
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
        const kind = !given ? "delete" : present(state[key]) ? "update" : "add";
        differences[key] = { kind, replace: change === "replace" };
    }
    return differences;
}

const present = (value: unknown) => value !== undefined && value !== null;

/** Refuses by name what is not supported, and in the official plugin's words the values that are wrong. */
export function check(
    type: string,
    inputs: Readonly<Record<string, Input>>,
    name: string,
    given: Properties,
): CheckFailure[] {
    const supported = Object.entries(inputs).flatMap(
        ([property, { fields }]) => fields?.map((field) => `${property}.${field}`) ?? [property],
    );
    const wrong = Object.entries(given).flatMap(([property, value]) => {
        const found = value === unknown ? undefined : inputs[property]?.wrong?.(value);
        return found
            ? [
                  {
                      property,
                      reason: `${found.reason}. ${found.reason}. Examine values at '${name}.${found.path ?? property}'.`,
                  },
              ]
            : [];
    });
    return [...unsupported(type, supported, given), ...wrong];
}

/** A list whose order does not matter. */
export const unordered = (value: unknown) =>
    Array.isArray(value)
        ? [...(value as unknown[])].sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)))
        : value;

type Shape = Pick<Input, "absent" | "fields" | "canonical">;

/** An object of which these fields count. One that is left out has its default. */
export const objectOf = (fields: readonly string[], defaults: Properties = {}): Shape => ({
    absent: {},
    fields,
    canonical: (value) => withFields(fields, defaults, value),
});

/** A list of such objects, whose order does not matter. */
export const listOf = (fields: readonly string[], defaults: Properties = {}): Shape => ({
    absent: [],
    fields,
    canonical: (value) =>
        unordered(Array.isArray(value) ? value.map((item) => withFields(fields, defaults, item)) : value),
});

function withFields(fields: readonly string[], defaults: Properties, value: unknown): Properties {
    const given = (value ?? {}) as Properties;
    const names = fields.map((field) => field.split(".")[0] ?? field);
    return Object.fromEntries(
        names.map((name) => [name, given[name] ?? defaults[name]]).filter(([, item]) => item !== undefined),
    );
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
