import { placeOf as keyAt } from "../../config/schema/problems";
import { rows } from "../../toolchain/table";
import { counted } from "../../toolchain/words";
import type { Difference } from "./compare/differences";
import { told } from "./compare/differences";
import type { Note } from "./notes";
import { placeOf } from "./places";
import type { ToStore } from "./secrets";

/** What a person reads of an import. */

const marks: Readonly<Record<Note["kind"], string>> = {
    moved: "moved",
    changed: "changed",
    decide: "decide",
    lost: "stays",
};

/** The notes by files and lines. */
export function toldNotes(notes: readonly Note[]): string[] {
    const files = [...new Set(notes.map(({ file }) => file))];
    return files.flatMap((file) => {
        const own = notes.filter((each) => each.file === file).sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
        const cells = own.map((each) => [String(each.line ?? ""), marks[each.kind], textOf(each)]);
        return [file, ...rows(cells)];
    });
}

const textOf = ({ what, words }: Note) => (words === undefined ? what : `${what}: ${words}`);

/** What cannot move, a line each. */
export const lostIn = (notes: readonly Note[]): string[] =>
    notes.flatMap((each) =>
        each.kind === "lost"
            ? [`  ${each.file}${each.line === undefined ? "" : `:${each.line}`}: ${textOf(each)}`]
            : [],
    );

/** @param others what is compared with them, e.g. "Pulumi.prod.yaml" */
export function toldDifferences(all: readonly Difference[], others: string): string[] {
    const lines = told(all);
    return lines.length === 0
        ? [`${others} says all that these files say, and nothing else.`]
        : [
              `As Prometheus understands them, defaults filled in, ${counted(lines.length, "difference")}:`,
              ...lines.map((line) => `  ${line}`),
          ];
}

/** The commands that store the secrets. */
export function toStore(secrets: readonly ToStore[], stack: string): string[] {
    const lines = secrets.flatMap(({ path, node, namedFile }) => {
        const { file, line } = placeOf(node) ?? {};
        const origin = namedFile === undefined ? `it is in ${file}:${line}` : `it is in ${namedFile}`;
        const key = `metrics-stack:${keyAt(path)}`;
        return [`  npm run pulumi -- config set --stack ${stack} --path --secret '${key}'  # ${origin}`];
    });
    return lines.length === 0 ? [] : ["Secrets are in no file. Each is asked for, and stored encrypted:", ...lines];
}
