import { z } from "zod";
import { httpClientKeys, httpClientPlaces } from "../../../config/schema/httpClient";
import type { Elsewhere } from "../../../config/schema/problems";
import { expectedStructure, show } from "../../../config/schema/problems";
import { dictionary, duration, listOf, object, secret, secretUrl, text, toggle } from "../../../config/schema/values";
import { goTemplateMistake } from "../goTemplate";
import { upstreamHttpConfig } from "../upstream";

/** A way to tell somebody: an entry of Alertmanager's `<name>_configs`, in camelCase, with secret values in place of file names. */
export interface Kind {
    readonly schema: z.ZodType;
    /** What the names of secret files end in, by key. @default the key in kebab case */
    readonly files?: Readonly<Record<string, string>>;
    /** Alertmanager's own keys, by ours. @default ours in snake case */
    readonly renamed?: Readonly<Record<string, string>>;
    /** Keys whose value is handed over as it is: names in it are somebody else's. */
    readonly verbatim?: readonly string[];
}

/** Text that may have templates in it, e.g. "{{ .CommonLabels.job }}". */
export const templated = z
    .string({ error: expectedStructure("text", "text in quotes") })
    .superRefine((value, context) => {
        const mistake = goTemplateMistake(value);
        if (mistake !== undefined) {
            context.addIssue({ code: "custom", message: `${show(value)} ${mistake}` });
        }
    });

/** Text of a message. */
export const words = (description: string) => templated.optional().describe(description);

/** A switch that Alertmanager has off. */
export const off = (description: string) => toggle.optional().meta({ description, derived: "`false`" });

/** A list of objects. */
export const several = <Item extends z.ZodType>(item: Item, example: string) =>
    listOf(item, `a list, such as ${example}`).optional();

/** Names with texts. */
export const texts = (example: string) => dictionary(z.string().min(1), templated, example).optional();

/** A time as Go writes it, which knows no days: "1h0m0s". Source: https://pkg.go.dev/time#Duration.String */
const goDuration = (milliseconds: number) => {
    const [hours, minutes] = [Math.floor(milliseconds / 3_600_000), Math.floor(milliseconds / 60_000) % 60];
    const seconds = `${(milliseconds % 60_000) / 1000}s`;
    return hours > 0
        ? `${hours}h${minutes}m${seconds}`
        : minutes > 0
          ? `${minutes}m${seconds}`
          : milliseconds < 1000
            ? `${milliseconds}ms`
            : seconds;
};

export const time = duration.transform(goDuration).optional();

/** The base URL of a service, for those who run it themselves. */
export const apiUrl = (standard: string) =>
    text(/^https?:\/\/\S+$/, "a URL", `one, such as "${standard}"`)
        .optional()
        .meta({ description: "Where the service is.", derived: `\`${standard}\`` });

const httpConfig = object(httpClientKeys("the service asks"), {
    places: httpClientPlaces,
    upstream: upstreamHttpConfig,
}).meta({
    id: "httpConfig",
    title: "HTTP settings",
});

/** What most kinds have. */
export const overHttp = { httpConfig: httpConfig.optional().describe("How the service is asked.") };

/** A secret URL with which anybody may write somewhere. */
export const webhookUrl = secretUrl.describe("The URL of an incoming webhook.");

export const secretOf = (description: string) => secret.describe(description);

const sendResolved = toggle.default(true).describe("Tell of an alert's end too.");

/**
 * @param id its key, and the name of its table in the documentation
 * @param title what people call it
 */
export const kind = <Shape extends z.core.$ZodLooseShape>(
    id: string,
    title: string,
    shape: Shape,
    elsewhere: Elsewhere = {},
) => object({ sendResolved, ...shape }, elsewhere).meta({ id, title });

/** Where a secret stands in place of the name of its file. */
export const inPlaceOf = (file: string, key: string) => ({ [file]: `the secret itself, encrypted, in ${key}` });
