import { createHash } from "node:crypto";
import { basename } from "node:path";
import { dashboardFile, isOwnTitle, uidPrefix } from "../../config/render/dashboards";
import type { Files } from "../../config/render/files";
import type { Lenient } from "../../config/schema/lenient";
import type { UserFiles } from "../../config/schema/part";
import type { Problem } from "../../config/schema/problems";
import { show, unreadableFile } from "../../config/schema/problems";
import { uidOf } from "./dataSources";
import { foldersFolder } from "./files";
import type { DataSourceRef } from "./importedDashboard";
import { dashboardIn, imported } from "./importedDashboard";
import type { GrafanaSettings } from "./settings";

/** Dashboards that somebody drew in Grafana and keeps in the repository, checked and made ready for delivery. */
export interface OwnDashboards {
    readonly files: Files;
    /** Where each of them is declared, by its file in a release. */
    readonly places: Readonly<Record<string, Problem["path"]>>;
    /** The titles of their folders, by the names of these in a release. */
    readonly folders: Readonly<Record<string, string>>;
    readonly problems: readonly Problem[];
}

type Json = Readonly<Record<string, unknown>>;
type Taken = Readonly<Record<"uid" | "title", Set<unknown>>>;

/** What is declared of them; what was refused is absent. */
type Declared = Lenient<Pick<GrafanaSettings, "dashboardFiles" | "dashboardFolders" | "dataSources">>;

/** A file that was found, and where the dashboard of it goes. */
interface Found {
    readonly file: string;
    readonly place: Problem["path"];
    /** The name of its folder in a release. @default none */
    readonly folder?: string;
}

/** Reads the files of `grafana.dashboardFiles` and those in the folders of `grafana.dashboardFolders`. */
export function readOwnDashboards(declared: Declared, userFiles: UserFiles): OwnDashboards {
    const files: Record<string, string> = {};
    const places: Record<string, Problem["path"]> = {};
    const { found, problems, folders } = foundIn(declared, userFiles);
    const sources = (declared.dataSources ?? []).flatMap(({ name, type, uid } = {}) =>
        name === undefined || type === undefined ? [] : [{ type, uid: uidOf({ name, uid }) }],
    );
    const taken: Taken = { uid: new Set(), title: new Set() };
    for (const { file, place, folder } of found) {
        const read = readDashboard(file, { ...userFiles, sources }, taken, folder);
        if (typeof read === "string") {
            problems.push({ path: place, message: `${show(file)} ${read}` });
            continue;
        }
        taken.uid.add(read.uid);
        taken.title.add(`${folder}/${String(read.title)}`);
        const uid = String(read.uid);
        const released = folder === undefined ? dashboardFile(uid) : `${foldersFolder}/${folder}/${uid}.json`;
        // Grafana refuses a file with the number that a dashboard had in another Grafana's database.
        files[released] = `${JSON.stringify({ ...read, id: null }, undefined, 2)}\n`;
        places[released] = place;
    }
    return { files, places, folders, problems };
}

function foundIn({ dashboardFiles = [], dashboardFolders = {} }: Declared, { listFolder }: UserFiles) {
    const problems: Problem[] = [];
    const folders: Record<string, string> = {};
    const found: Found[] = dashboardFiles.flatMap((file, i) =>
        file === undefined ? [] : [{ file, place: ["grafana", "dashboardFiles", i] }],
    );
    for (const [title, path] of Object.entries(dashboardFolders)) {
        const place = ["grafana", "dashboardFolders", title];
        const names = path === undefined ? [] : listFolder(path).filter((name) => name.endsWith(".json"));
        if (path !== undefined && names.length === 0) {
            const message = `${show(path)} holds no file that ends in .json; write a folder from the project's`;
            problems.push({ path: place, message });
        }
        const folder = uidFrom(title);
        folders[folder] = title;
        found.push(...names.map((name) => ({ file: `${path}/${name}`, place, folder })));
    }
    return { found, problems, folders };
}

/** A uid of a text, always the same one: two texts may look alike without what is no letter. */
function uidFrom(text: string): string {
    const letters = text.toLowerCase().replace(/[^a-z\d]+/g, "-");
    return `${letters.slice(0, 24)}-${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
}

/** @returns the dashboard, or what is wrong with its file and what to do about it */
function readDashboard(
    path: string,
    { readFile, sources }: Pick<UserFiles, "readFile"> & { readonly sources: readonly DataSourceRef[] },
    taken: Taken,
    folder: string | undefined,
): Json | string {
    let text: string;
    try {
        text = readFile(path);
    } catch (error) {
        return unreadableFile(error);
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
    const dashboard = withUid(json as Json, path);
    return mistake(dashboard, taken, folder) ?? imported(dashboard, sources);
}

/** Many downloads from grafana.com have no uid: Grafana's own form makes up one, which would be another each time. */
const withUid = (dashboard: Json, path: string): Json =>
    (dashboard.uid ?? "") === "" ? { ...dashboard, uid: uidFrom(basename(path, ".json")) } : dashboard;

function mistake({ uid, title, ...rest }: Json, taken: Taken, folder: string | undefined): string | undefined {
    if ("spec" in rest || "elements" in rest) {
        return "is in the newer schema, which Grafana 13.0 refuses from a file; export it as classic JSON";
    }
    if (typeof title !== "string" || title.trim() === "") {
        return "has no title; write one";
    }
    if (typeof uid !== "string" || !/^[\w-]{1,40}$/.test(uid)) {
        return `has the uid ${show(uid)}; write one of up to 40 letters, digits, - and _`;
    }
    if (uid.startsWith(uidPrefix) || taken.uid.has(uid)) {
        return `has the uid ${show(uid)}, which is taken; write another one`;
    }
    // Not every version of Grafana takes one title twice in a folder.
    return (folder === undefined && isOwnTitle(title)) || taken.title.has(`${folder}/${title}`)
        ? `has the title ${show(title)}, which is taken; write another one`
        : undefined;
}
