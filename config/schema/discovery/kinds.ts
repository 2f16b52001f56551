import type { z } from "zod";
import { expected } from "../problems";
import { formatDuration } from "../units";
import { anyText, duration, listOf, object, port as tcpPort, secret, text as matching, toggle } from "../values";

/** The kinds of value that service discoveries are declared with: as Prometheus reads them, apart from secrets. */

export const text = matching(/\S/, "text", "some");
export const optionalText = text.optional();

export const texts = listOf(text, 'a list of texts, such as ["shop"]').min(1, {
    error: "is empty; write at least one",
});

export const port = tcpPort.optional();
export const flag = toggle.optional();
export const secretFile = secret.optional();

/** A duration as Prometheus itself writes it. */
export const time = duration.transform(formatDuration).optional();

/** How often somebody is asked. @param standard where nothing is said */
export const refreshInterval = (standard: string) =>
    time.meta({ description: "How often is asked.", derived: `\`${standard}\`` });

/** Where a service answers. Whoever writes a login into it writes it readable into prometheus.yml. */
export const address = (scheme: RegExp, example: string) =>
    anyText
        .regex(new RegExp(`^(?:${scheme.source})://[^\\s/@]+(/[^\\s@]*)?$`, "i"), {
            error: expected("an address without user and password", example),
        })
        .refine(URL.canParse, { error: expected("an address", example) });

export const webAddress = (example: string) => address(/https?/, `one, such as "${example}"`);

/** A list of discoveries of one kind. */
export const discoveries = <Config extends z.ZodType>(config: Config, description: string) =>
    listOf(config, "a list with an object for each")
        .min(1, { error: "is empty; write at least one object, or leave it out" })
        .optional()
        .describe(description);

const filter = object({
    name: text.describe("The filter's name."),
    values: texts.describe("Its values, of which one has to be there."),
});

export const filters = listOf(filter, 'a list, such as [{name: "label", values: ["shop"]}]').optional();
