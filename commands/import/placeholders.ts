import type { Node } from "yaml";
import { isMap, isScalar, visit } from "yaml";
import type { Note } from "./notes";
import { note } from "./notes";
import { keyOf, textOf } from "./source";

/** What a template has, or an example, where a value belongs. */

/** Of Jinja, ERB and Go, of a shell, and in words for people. */
const anywhere = [
    /\{\{.*\}\}/s,
    /\{%.*%\}/s,
    /<%.*%>/s,
    /(^|[^$])\$\{[a-z_][^}]*\}/i,
    /(^|[^$\w])\$[A-Z_][A-Z0-9_]+\b/,
];
const inAddresses = [
    /<[a-z][\w .-]*>/i,
    /^(https?:\/\/)?[A-Z][A-Z0-9]*(_[A-Z0-9]+)+([:/]|$)/,
    /:[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/,
    /\b(YOUR|CHANGE|REPLACE|INSERT)[_-][A-Z]/i,
    /\b(x{1,3}\.){3}x{1,3}\b/i,
];

/** True for an address that nobody filled in: "YOUR_IP:9100", "${HOST}:9100". */
export const isUnfilled = (address: string) => [...anywhere, ...inAddresses].some((form) => form.test(address));

/** Keys whose texts have a dollar of their own. */
const withGroups = new Set(["regex", "replacement", "target_label"]);
const secret = /^(password|credentials|bearer_token|client_secret|secret_key|auth_token)$/;
const addresses = new Set(["targets", "scheme", "metrics_path", "url", "server", "host", "path_prefix"]);

/** The placeholders in what is to be moved. */
export function placeholders(root: unknown): Note[] {
    const found: Note[] = [];
    const tell = (node: unknown, text: string) =>
        found.push(note("lost", node, "a placeholder", `${text} was never filled in; write the value in its place`));
    const look = (node: unknown, key: string): void => {
        const forms = addresses.has(key) ? [...anywhere, ...inAddresses] : anywhere;
        const text = textOf(node);
        if (text !== undefined && forms.some((form) => form.test(text))) {
            tell(node, text);
        }
    };
    visit(root as Node, {
        Pair(_, pair) {
            const key = keyOf(pair);
            if (isMap(pair.key)) {
                tell(pair.key, "{{ ... }}");
                return visit.SKIP;
            }
            if (withGroups.has(key) || secret.test(key)) {
                return visit.SKIP;
            }
            look(pair.value, key);
            if (addresses.has(key) && !isScalar(pair.value)) {
                visit(pair.value as Node, { Scalar: (_key, scalar) => look(scalar, key) });
                return visit.SKIP;
            }
            return undefined;
        },
    });
    return found;
}
