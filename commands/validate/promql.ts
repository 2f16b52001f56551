import { ensureSyntaxTree } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { PromQLExtension } from "@prometheus-io/codemirror-promql";
import { Parser } from "@prometheus-io/codemirror-promql/dist/cjs/parser/parser";

/**
 * Checks a PromQL expression as Prometheus' own web UI does: syntax, functions, the types and the number of arguments.
 * It does not look into regular expressions and templates: promtool does.
 * @returns what is wrong, a text each; none for a good expression
 */
export function check(expression: string): string[] {
    const created = EditorState.create({ doc: expression, extensions: new PromQLExtension().asExtension() });
    const tree = ensureSyntaxTree(created, expression.length, 10_000);
    if (!tree) {
        throw new Error(`Not parsed within 10 s: ${expression}`);
    }
    // An editor parses for 20 ms only and goes on later; only a state that is made now has all of the tree.
    const parser = new Parser(created.update({}).state);
    parser.analyze();
    const problems = parser
        .getDiagnostics()
        .map(({ message, from, to }) => `${message}: ${expression.slice(from, to)}`);
    // An editor forgives what is missing at the end: its user is still typing.
    tree.iterate({
        enter({ type, from }) {
            if (type.isError && from === expression.length) {
                problems.push(`something is missing at the end: ${expression}`);
            }
        },
    });
    return problems;
}
