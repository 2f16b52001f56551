import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { project } from "../../../toolchain/checkout";
import type { Imported } from "./importing";
import { importedFrom } from "./importing";

/** Configurations that people have, in a folder beside the project, with an INDEX.tsv that says whose each is. */
export const corpus = process.env.METRICS_STACK_CORPUS ?? path.join(project, "..", "shared", "corpus");
export const isThere = existsSync(path.join(corpus, "INDEX.tsv"));
export const whyNot = `there is no ${corpus}; METRICS_STACK_CORPUS names another folder`;

export type CorpusKind = "prometheus" | "rules" | "alertmanager";

/** A file of it. */
export interface Found {
    readonly kind: CorpusKind;
    /** Its name without the project that it is of, e.g. "prometheus/118". */
    readonly id: string;
    readonly file: string;
    /** Whose it is: homelabs (H), organisations (O), shipped stacks (P), drawn at random (R), the program's own tests (T). */
    readonly stratum: string;
}

export function filesOf(kind: CorpusKind): Found[] {
    const index = readFileSync(path.join(corpus, "INDEX.tsv"), "utf8").split("\n").slice(1);
    const strata = new Map(index.map((line) => line.split("\t") as [string, string]));
    return readdirSync(path.join(corpus, kind)).map((name) => ({
        kind,
        id: `${kind}/${name.replace(/-.*/, "")}`,
        file: path.join(corpus, kind, name),
        stratum: strata.get(`${kind}/${name}`) ?? "?",
    }));
}

/** What becomes of a file that nothing stands beside. */
export function importedAlone({ file }: Found): Imported {
    const folder = mkdtempSync(path.join(tmpdir(), "corpus-"));
    try {
        const copy = path.join(folder, path.basename(file));
        copyFileSync(file, copy);
        const found = importedFrom([copy]);
        return { ...found, lost: found.lost.map((line) => line.replace(`${folder}/`, "")) };
    } finally {
        rmSync(folder, { recursive: true });
    }
}
