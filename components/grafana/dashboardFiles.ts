import { dashboardFile, isOwnTitle, uidPrefix } from "../../config/render/dashboards";
import type { Files } from "../../config/render/files";
import type { Problem } from "../../config/schema/problems";
import { show } from "../../config/schema/problems";
import { dashboardIn, imported } from "./importedDashboard";

/** Dashboards that somebody drew in Grafana and keeps in the repository, checked and made ready for delivery. */
export interface OwnDashboards {
    readonly files: Files;
    readonly problems: readonly Problem[];
}

type Json = Readonly<Record<string, unknown>>;
type Taken = Readonly<Record<"uid" | "title", Set<unknown>>>;

/**
 * Reads the files of `grafana.dashboardFiles`.
 * @param paths one that was refused is passed over
 * @param readFile gives a file's text. Throws where it cannot be read
 */
export function readOwnDashboards(
    paths: readonly (string | undefined)[],
    readFile: (path: string) => string,
): OwnDashboards {
    const files: Record<string, string> = {};
    const problems: Problem[] = [];
    const taken: Taken = { uid: new Set(), title: new Set() };
    paths.forEach((path, i) => {
        const read = path === undefined ? undefined : readDashboard(path, readFile, taken);
        if (typeof read === "string") {
            problems.push({ path: ["grafana", "dashboardFiles", i], message: `${show(path)} ${read}` });
        } else if (read) {
            taken.uid.add(read.uid);
            taken.title.add(read.title);
            // Grafana refuses a file with the number that a dashboard had in another Grafana's database.
            files[dashboardFile(String(read.uid))] = `${JSON.stringify({ ...read, id: null }, undefined, 2)}\n`;
        }
    });
    return { files, problems };
}

/** @returns the dashboard, or what is wrong with its file and what to do about it */
function readDashboard(path: string, readFile: (path: string) => string, taken: Taken): Json | string {
    let text: string;
    try {
        text = readFile(path);
    } catch (error) {
        return `cannot be read (${(error as Error).message}); write a path from the project's folder`;
    }
    if (text.includes("\0")) {
        return "is not in UTF-8; write it anew, in PowerShell with Set-Content -Encoding utf8";
    }
    let json: unknown;
    try {
        json = dashboardIn(text);
    } catch (error) {
        return `holds no JSON (${(error as Error).message}); export the dashboard from Grafana as JSON`;
    }
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
        return "holds no JSON object; export the dashboard from Grafana as JSON";
    }
    return mistake(json as Json, taken) ?? imported(json as Json);
}

function mistake({ uid, title, ...rest }: Json, taken: Taken): string | undefined {
    if ("spec" in rest || "elements" in rest) {
        return "is in the newer schema, which Grafana 13.0 refuses from a file; export it as classic JSON";
    }
    if (typeof title !== "string" || title.trim() === "") {
        return "has no title; write one";
    }
    if (typeof uid !== "string" || !/^[\w-]{1,40}$/.test(uid)) {
        const found = uid === undefined ? "no uid" : `the uid ${show(uid)}`;
        return `has ${found}; write one of up to 40 letters, digits, - and _`;
    }
    if (uid.startsWith(uidPrefix) || taken.uid.has(uid)) {
        return `has the uid ${show(uid)}, which is taken; write another one`;
    }
    // Not every version of Grafana takes one title twice in a folder.
    return isOwnTitle(title) || taken.title.has(title)
        ? `has the title ${show(title)}, which is taken; write another one`
        : undefined;
}
