import { z } from "zod";
import { expected } from "./problems";
import { dictionary } from "./values";

/**
 * The name of a label.
 * Source: https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels; names that begin with `__` are Prometheus' own.
 */
export const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

const labelsNamed = (free: RegExp, advice: string) =>
    dictionary(
        z
            .string()
            .regex(labelName, {
                error: "is not a valid name; write letters, digits and underscores, not starting with a digit",
            })
            .regex(free, { error: `is a name that Prometheus keeps for itself; write ${advice}` }),
        z
            .string({ error: expected("text", 'text in quotes, such as "eu-1"') })
            .min(1, { error: "is empty, which is no label; leave it out" }),
        'names with texts, such as {region: "eu-1"}',
    );

/** Labels and their values. An empty value would be the same as no label. */
export const labels = labelsNamed(/^(?!__)/, "one that does not begin with __");

/**
 * Labels of targets. Of those that Prometheus reads, only the query of their scrapes is not the whole job's. PromQL, which the
 * alerts are written in, takes two names for numbers.
 */
export const targetLabels = labelsNamed(
    /^(?!__|inf$|nan$)|^__param_./i,
    "one that does not begin with __ and is no number to PromQL, or the job's scheme, metricsPath or scrapeInterval",
);
