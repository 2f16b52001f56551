import { z } from "zod";
import { hostMistake, hostPortMistake, loopbackMistake } from "./hosts";
import { labels } from "./labels";
import { probeLabels } from "./profiles";
import { expected, expectedStructure, show } from "./problems";
import { regexMistake } from "./re2";
import { anyText, interval, object, text } from "./values";

/** What has to answer, as it is declared in `probes`. */

/** The ways to ask, each by the form of what is asked. */
export type Prober = "http" | "tcp" | "tls" | "icmp" | "dns";

const example =
    'one, such as "https://shop.example.com/", "db:5432", "tls://mail.example.com:993", "icmp://192.0.2.1" or ' +
    '"dns://192.0.2.53/shop.example.com"';

/** The scheme of a target; without one it is host:port. */
export const proberOf = (target: string): Prober => {
    const [, scheme = "tcp"] = /^(\w+):\/\//.exec(target) ?? [];
    return (scheme === "https" ? "http" : scheme) as Prober;
};

/** What stands behind the scheme: "192.0.2.53/shop.example.com". */
export const withoutScheme = (target: string) => target.replace(/^\w+:\/\//, "");

/** A name that is asked for, and the type of the answer. Source of the form: https://www.rfc-editor.org/rfc/rfc4501 */
export function dnsQuestion(target: string): { server: string; name: string; type: string } | undefined {
    const [, server, name, type = "A"] = /^dns:\/\/([^/?]+)\/([\w.-]+)(?:\?type=([A-Za-z]+))?$/.exec(target) ?? [];
    return server === undefined || name === undefined ? undefined : { server, name, type: type.toUpperCase() };
}

const splitPort = (address: string) => {
    const [, host = address, port = ""] = /^(\[.*\]|[^:]*)(:\d+)?$/.exec(address) ?? [];
    return { host, port };
};

/** @returns what is wrong with a target, in the words of the fix */
function targetMistake(target: string): string | undefined {
    const own = (address: string) => loopbackMistake(splitPort(address), "blackbox_exporter's");
    const rest = withoutScheme(target);
    switch (proberOf(target)) {
        case "http": {
            if (!/^\S+$/.test(target) || !URL.canParse(target)) {
                return `is no URL; write ${example}`;
            }
            const { hostname, port, username, password } = new URL(target);
            return username + password === ""
                ? (hostMistake(hostname) ??
                      loopbackMistake({ host: hostname, port: port && `:${port}` }, "blackbox_exporter's"))
                : "has a login in it, which everybody could read; write a module in blackboxExporter.modules";
        }
        case "tcp":
        case "tls":
            return hostPortMistake(rest, "db:5432") ?? own(rest);
        case "icmp":
            return hostMistake(rest) ?? own(rest);
        case "dns": {
            const server = dnsQuestion(target)?.server;
            return server === undefined
                ? 'names no server and name; write both, such as "dns://192.0.2.53/shop.example.com?type=A"'
                : (hostMistake(splitPort(server).host) ?? own(server));
        }
        default:
            return `has a scheme that is not probed; write ${example}`;
    }
}

const target = z.string({ error: expected("what can be probed", example) }).superRefine((value, context) => {
    const mistake = targetMistake(value);
    if (mistake !== undefined) {
        context.addIssue({ code: "custom", message: `${show(value)} ${mistake}` });
    }
});

const statuses = z
    .array(
        z
            .int({ error: expected("an HTTP status", "a number from 100 to 599") })
            .min(100, { error: expected("an HTTP status", "a number from 100 to 599") })
            .max(599, { error: expected("an HTTP status", "a number from 100 to 599") }),
        { error: expectedStructure("a list", "a list of HTTP statuses, such as [200, 401]") },
    )
    .min(1, { error: "is empty; write at least one HTTP status, or leave it out" });

const regex = anyText.superRefine((value, context) => {
    const mistake = regexMistake(value);
    if (mistake !== undefined) {
        context.addIssue({ code: "custom", message: mistake });
    }
});

/** The labels that a target has of its own accord, and those of the samples that are read. */
const takenLabels = ["job", "instance", ...probeLabels];
const ownLabels = labels.superRefine((value, context) => {
    for (const name of takenLabels.filter((each) => Object.hasOwn(value, each))) {
        const message = `is a label that every probe has; write another name, such as target_${name}`;
        context.addIssue({ code: "custom", path: [name], message });
    }
});

/** A module of blackbox_exporter. */
export const moduleName = text(/^[\w.-]+$/, "the name of a module", 'one, such as "login" of blackboxExporter.modules');

export const declaredProbeSchema = object({
    target: target.describe(
        "What has to answer: a URL, `host:port`, `tls://host:port`, `icmp://host`, or `dns://server/name?type=A`.",
    ),
    status: statuses.optional().meta({ description: "The HTTP statuses that are right.", derived: "200 to 299" }),
    text: regex
        .optional()
        .describe("What the answer has to hold, as a regular expression: of a URL or of `host:port`."),
    module: moduleName.optional().meta({
        description: "A module of `blackboxExporter.modules` that is handed the target as it stands.",
        derived: "one for the form of the target",
    }),
    scrapeInterval: interval
        .optional()
        .meta({ description: "How often it is probed.", derived: "`scrapeInterval` of the stack" }),
    instance: text(/\S/, "a name", 'one, such as "shop"')
        .optional()
        .meta({ description: "The `instance` label of its series.", derived: "the target" }),
    labels: ownLabels.default({}).describe('Labels of its series, such as `{team: "shop"}`.'),
}).meta({ id: "declaredProbe" });

export type DeclaredProbe = z.output<typeof declaredProbeSchema>;

/** What a probe is called in metrics. */
export const instanceOf = ({ instance, target }: Pick<DeclaredProbe, "instance" | "target">) => instance ?? target;
