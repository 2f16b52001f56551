import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { filesAt } from "../../../commands/import/atHand";
import { told } from "../../../commands/import/compare/differences";
import { convert } from "../../../commands/import/conversion";
import { importedStack } from "../../../commands/import/imported";
import type { Files } from "../../../config/render/files";
import type { Note } from "../../../commands/import/notes";
import { prove } from "../../../commands/import/proof";
import { lostIn } from "../../../commands/import/report";

/** What becomes of files, without anything being written into the project. */
export interface Imported {
    /** The stack file, from below `config:`, and without `metrics-stack:`. */
    readonly text: string;
    /** What was said, as "3 moved job "shop": 1 target". */
    readonly said: readonly string[];
    /** What does not move, with the names of the files. */
    readonly lost: readonly string[];
    /** What the proof says. */
    readonly differences: readonly string[];
    /** Those that nobody can explain. */
    readonly unexplained: readonly string[];
    /** Where secrets have to be stored. */
    readonly secrets: readonly string[];
    /** What would be delivered, by parts. */
    readonly delivered: Readonly<Record<string, Files>>;
    /** New files beside it. */
    readonly files: Readonly<Record<string, string>>;
}

/** @param paths files and folders that are there */
export function importedFrom(paths: readonly string[], stack = "imported"): Imported {
    const conversion = convert(filesAt(paths), stack);
    const { text, secrets, refused, checked } = importedStack(conversion, stack);
    const notes = [...conversion.notes, ...refused];
    const found = checked.plan ? prove(conversion, checked.plan) : [];
    return {
        text: text
            .replace(/^#.*\nconfig:\n/, "")
            .replaceAll(/^ {2}/gm, "")
            .replaceAll("metrics-stack:", ""),
        said: notes.map(saidOf),
        lost: lostIn(notes).map((line) => line.trim()),
        differences: told(found),
        unexplained: told(found.filter(({ reason }) => reason === undefined)),
        secrets: secrets.map(({ path: place }) => place.join(".")),
        delivered: Object.fromEntries((checked.plan?.parts ?? []).map(({ part, files }) => [part.key, files])),
        files: conversion.files,
    };
}

const saidOf = ({ line, kind, what, words }: Note) =>
    `${line ?? "-"} ${kind} ${what}${words === undefined ? "" : `: ${words}`}`;

/** The same of texts, by their paths; all of them are in one folder, which is named, unless some are named themselves. */
export function imported(
    files: Readonly<Record<string, string>> | string,
    named: readonly string[] = ["."],
    stack = "imported",
): Imported {
    const folder = mkdtempSync(path.join(tmpdir(), "import-"));
    try {
        for (const [file, text] of Object.entries(typeof files === "string" ? { "prometheus.yml": files } : files)) {
            mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
            writeFileSync(path.join(folder, file), text);
        }
        const result = importedFrom(
            named.map((file) => path.join(folder, file)),
            stack,
        );
        const short = (lines: readonly string[]) => lines.map((line) => line.replaceAll(`${folder}/`, ""));
        const { said, lost, differences, unexplained } = result;
        return {
            ...result,
            ...{
                said: short(said),
                lost: short(lost),
                differences: short(differences),
                unexplained: short(unexplained),
            },
        };
    } finally {
        rmSync(folder, { recursive: true });
    }
}
