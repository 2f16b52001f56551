import type { Node } from "yaml";
import { visit } from "yaml";
import { textOf } from "../source";

/** Variables in a compose file: those of the file `.env` beside it, and defaults. */

export type Variables = Readonly<Record<string, string>>;

/** The variables of a file with a `NAME=value` a line. Source: https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax */
export function variablesIn(text: string): Variables {
    const lines = text.split(/\r?\n/).flatMap((line) => {
        const [, name, value = ""] = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
        return name === undefined ? [] : [[name, unquoted(value)] as const];
    });
    return Object.fromEntries(lines);
}

const unquoted = (value: string) => {
    const [, quoted] = /^(?:"([^"]*)"|'([^']*)')/.exec(value)?.filter((each) => each !== undefined) ?? [];
    return quoted ?? value.replace(/\s+#.*$/, "");
};

const variable = /\$(?:\$|\{(\w+)(?:(:?[-?+])((?:[^{}]|\{[^{}]*\})*))?\}|(\w+))/g;

/** Puts values in the place of variables. One that nobody gives a value stays, so that whoever reads it can tell. */
export function interpolate(root: Node, variables: Variables): void {
    visit(root, {
        Scalar(_, node) {
            if (typeof node.value === "string" && node.value.includes("$")) {
                node.value = interpolated(node.value, variables);
            }
        },
    });
}

/** Source: https://docs.docker.com/reference/compose-file/interpolation/ */
const interpolated = (text: string, variables: Variables): string =>
    text.replace(variable, (whole, braced?: string, operator = "", word = "", plain?: string) => {
        const value = variables[braced ?? plain ?? ""];
        const isGiven = value !== undefined && !(operator.startsWith(":") && value === "");
        return whole === "$$"
            ? "$"
            : operator.endsWith("+")
              ? isGiven
                  ? interpolated(word, variables)
                  : ""
              : isGiven
                ? value
                : operator.endsWith("-")
                  ? interpolated(word, variables)
                  : whole;
    });

/** The variable in a text that nobody gave a value, e.g. "${PORT}". */
export const unknownIn = (node: unknown): string | undefined =>
    /\$\{\w+[^}]*\}|\$[A-Z_]\w*/.exec(textOf(node) ?? "")?.[0];
