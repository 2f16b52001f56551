import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { project } from "../../toolchain/checkout";
import { say } from "../../toolchain/progress";
import type { Command } from "../command";
import { declarationSchema, stackFileSchema } from "./jsonSchema";
import { withTables } from "./tables";

export const command: Command = {
    name: "schema",
    summary: "write what is made from the schema of the configuration: docs/configuration.md, stackFile.schema.json",
    options: [],
    examples: ["npm run schema"],
    run: writeSchema,
};

/** Writes what is made from the schema in config/ anew: the JSON schema for editors, and the tables of the documentation. */
async function writeSchema(): Promise<number> {
    for (const [file, text] of Object.entries(await madeFromSchema())) {
        const place = path.join(project, file);
        const isNew = read(place) !== text;
        writeFileSync(place, text);
        say(`${file}: ${isNew ? "written" : "is as it was"}`);
    }
    return 0;
}

/** The files that are made from the schema, by their paths in the project, as they should be. */
export async function madeFromSchema(): Promise<Readonly<Record<string, string>>> {
    const schemaFile = "stackFile.schema.json";
    const docs = "docs/configuration.md";
    return {
        [schemaFile]: await formatted(schemaFile, JSON.stringify(stackFileSchema())),
        [docs]: await formatted(docs, withTables(read(path.join(project, docs)) ?? "", declarationSchema())),
    };
}

/** As `npm run format` would leave it. */
async function formatted(file: string, text: string): Promise<string> {
    const prettier = await import("prettier");
    const place = path.join(project, file);
    return prettier.format(text, { ...(await prettier.resolveConfig(place)), filepath: place });
}

function read(file: string): string | undefined {
    try {
        return readFileSync(file, "utf8");
    } catch {
        return undefined;
    }
}
