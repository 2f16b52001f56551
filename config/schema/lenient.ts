import { z } from "zod";
import type { Problem } from "./problems";
import { problemsOf } from "./problems";
import type { Secret } from "./secret";

/**
 * What is read of a declaration with mistakes in it: a value that was refused is absent, though its key is there, so that the
 * mistakes that only show when several keys are seen together are told in the same run as the others.
 */
export type Lenient<Value> = Value extends Secret
    ? Value
    : Value extends readonly (infer Item)[]
      ? (Lenient<Item> | undefined)[]
      : Value extends object
        ? { [Key in keyof Value]?: Lenient<Value[Key]> | undefined }
        : Value;

/** What was read, and what was refused; the value is complete where nothing was. */
export type Reading<Value> =
    | { readonly value: Value; readonly problems: readonly [] }
    | { readonly value: Lenient<Value>; readonly problems: readonly Problem[] };

/**
 * Reads what a schema accepts of a declaration.
 * Source: https://zod.dev/packages/core (`_zod.run` is what `safeParse` calls; unlike that it hands over what it has read)
 */
export function readLeniently<Schema extends z.ZodType>(schema: Schema, raw: unknown): Reading<z.output<Schema>> {
    const context = { async: false } as const;
    const read = schema._zod.run({ value: raw, issues: [] }, context);
    if (read instanceof Promise) {
        throw new TypeError("A schema of the declaration may not be asynchronous.");
    }
    const problems = problemsOf(read.issues.map((issue) => z.core.util.finalizeIssue(issue, context, z.core.config())));
    const value = problems.reduce((rest, { path }) => without(rest, path), read.value);
    return { value, problems } as Reading<z.output<Schema>>;
}

/** A value without what stands at a path: its key, or its place in a list, stays. */
function without(value: unknown, [step, ...rest]: Problem["path"]): unknown {
    if (step === undefined) {
        return undefined;
    }
    if (Array.isArray(value)) {
        return value.map((item, i) => (i === step ? without(item, rest) : item));
    }
    return typeof value === "object" && value !== null && Object.hasOwn(value, step)
        ? { ...value, [step]: without(value[step as keyof typeof value], rest) }
        : value;
}
