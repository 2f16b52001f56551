import { basename } from "node:path";
import type { Node } from "yaml";
import { isMap, isSeq, Scalar } from "yaml";
import { note } from "../notes";
import { hidden } from "../secrets";
import { listOf, mapsIn, readSource, textOf } from "../source";
import { placed } from "./service";
import type { Service } from "./service";
import type { Turning } from "./turning";
import { variablesIn } from "./variables";

/** What is declared of Grafana's environment and provisioning: its password, and dashboards that are files. */

export function grafanaKeys(service: Service, what: string, turning: Turning): Record<string, Node> {
    const dashboards = dashboardFiles(service, what, turning);
    dataSources(service, what, turning);
    const database = service.mounts.find(({ target, isVolume }) => isVolume && target === "/var/lib/grafana");
    if (database) {
        const words =
            "before the stack begins, the secret key of its database has to be in the volume: docs/migrating.md says how";
        turning.say(note("decide", database.node, `${what}: data`, words));
    }
    return {
        ...password(service, what, turning),
        ...(dashboards.length > 0 && { dashboardFiles: listOf(dashboards.map((path) => new Scalar(path))) }),
    };
}

/** Those that a stack's Grafana has in the same way. */
const same: Readonly<Record<string, RegExp>> = {
    GF_SECURITY_ADMIN_USER: /^admin$/,
    GF_USERS_ALLOW_SIGN_UP: /^false$/i,
    GF_USERS_ALLOW_ORG_CREATE: /^false$/i,
    GF_AUTH_ANONYMOUS_ENABLED: /^false$/i,
    GF_ANALYTICS_REPORTING_ENABLED: /^false$/i,
    GF_ANALYTICS_CHECK_FOR_UPDATES: /^false$/i,
    GF_PATHS_PROVISIONING: /^\/etc\/grafana\/provisioning\/?$/,
    GF_PATHS_DATA: /^\/var\/lib\/grafana\/?$/,
};

const reasons: Readonly<Record<string, string>> = {
    GF_SECURITY_ADMIN_USER: "the user is admin",
    GF_SECURITY_SECRET_KEY: "write it into the file secret-key of the data volume before: docs/migrating.md",
    GF_SECURITY_SECRET_KEY__FILE: "write the key into the file secret-key of the data volume before: docs/migrating.md",
    GF_INSTALL_PLUGINS: "no plugins are installed",
    GF_PLUGINS_PREINSTALL: "no plugins are installed",
    GF_AUTH_ANONYMOUS_ENABLED: "nobody sees anything without the password",
};

const passwordNames = ["GF_SECURITY_ADMIN_PASSWORD", "GF_SECURITY_ADMIN_PASSWORD__FILE"];

/** A short one is not taken over: it can be guessed. */
function password(service: Service, what: string, turning: Turning): Record<string, Node> {
    const { say } = turning;
    const environment = { ...fromFiles(service, turning), ...service.environment };
    for (const [name, node] of Object.entries(environment)) {
        const isSame = same[name]?.test(textOf(node) ?? "") === true;
        if (!passwordNames.includes(name) && !isSame) {
            say(note("decide", node, `${what}: ${name}`, `is left out: ${reasons[name] ?? "there is no key for it"}`));
        }
    }
    const [name] = passwordNames.filter((each) => each in environment);
    const node = name === undefined ? undefined : environment[name];
    const value = textOf(node) ?? "";
    if (node === undefined || name === undefined) {
        return {};
    }
    if (name.endsWith("__FILE")) {
        return { adminPassword: hidden(node, value) };
    }
    if (value.length < 12) {
        const words =
            "is too short, and one is generated: `npm run pulumi -- stack output grafanaAdminPassword --show-secrets`";
        say(note("changed", node, `${what}: ${name}`, words));
        return {};
    }
    return { adminPassword: hidden(node) };
}

/** What the files of `env_file` set. */
function fromFiles({ node }: Service, { find }: Turning): Record<string, Node> {
    const named = node.get("env_file", true);
    const files = (isSeq(named) ? named.items : [named]).map((each) => (isMap(each) ? each.get("path", true) : each));
    const found = files.flatMap((file) => find(textOf(file) ?? "").map(({ text }) => ({ text, file })));
    return Object.fromEntries(
        found.flatMap(({ text, file }) =>
            Object.entries(variablesIn(text)).map(([name, value]) => [name, placed(value, file as Node)]),
        ),
    );
}

const provisioning = "/etc/grafana/provisioning";

/** The files of a folder in a container, and of the folders in it. */
function filesIn(service: Service, inside: string, ends: string, { placeOf, find }: Turning) {
    const place = placeOf(service, inside);
    return place === undefined ? [] : ["*", "*/*"].flatMap((pattern) => find(`${place}/${pattern}.${ends}`));
}

const yamlIn = (service: Service, folder: string, turning: Turning) =>
    ["yml", "yaml"].flatMap((ends) =>
        filesIn(service, `${provisioning}/${folder}`, ends, turning).flatMap(({ file, text }) => {
            const source = readSource(file, text);
            return "kind" in source ? [] : [source.root];
        }),
    );

/** Source: https://grafana.com/docs/grafana/latest/administration/provisioning/#dashboards */
function dashboardFiles(service: Service, what: string, turning: Turning): string[] {
    const { say, add, stack } = turning;
    const folders = yamlIn(service, "dashboards", turning).flatMap((root) =>
        mapsIn(isMap(root) ? root.get("providers", true) : root).flatMap(
            (provider) =>
                textOf(provider.getIn(["options", "path"], true)) ??
                textOf(provider.getIn(["options", "folder"], true)) ??
                [],
        ),
    );
    const all = [...new Set([...folders, `${provisioning}/dashboards`])].flatMap((folder) =>
        filesIn(service, folder, "json", turning),
    );
    const unique = [...new Map(all.map((found) => [found.file, found])).values()];
    for (const folder of folders.filter((each) => filesIn(service, each, "json", turning).length === 0)) {
        const words = `the dashboards of ${folder} are not at hand: write their files into grafana.dashboardFiles`;
        say(note("decide", service.image?.node, what, words));
    }
    return unique.map(({ file, text }) => {
        const path = `dashboards/${stack}/${basename(file)}`;
        const named = withUid(text, basename(file, ".json"));
        add(path, named ?? text);
        const words = named === undefined ? `in ${path}` : `in ${path}, with a uid, by which others link to it`;
        say({ kind: named === undefined ? "moved" : "changed", file, what: "dashboard", words });
        return path;
    });
}

/** A dashboard without a uid has one after its file. @returns undefined for one that has, and for what is none */
function withUid(text: string, name: string): string | undefined {
    try {
        const dashboard = JSON.parse(text) as { uid?: unknown; title?: unknown };
        const isWithout = typeof dashboard.title === "string" && (dashboard.uid ?? "") === "";
        const uid = name.replace(/[^\w-]+/g, "-").slice(0, 40);
        return isWithout ? `${JSON.stringify({ ...dashboard, uid }, null, 2)}\n` : undefined;
    } catch {
        return undefined; // Refused later, with its words.
    }
}

/** Source: https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources */
function dataSources(service: Service, what: string, turning: Turning): void {
    const sources = yamlIn(service, "datasources", turning).flatMap((root) =>
        mapsIn(isMap(root) ? root.get("datasources", true) : undefined),
    );
    for (const source of sources) {
        const [name = "", type = ""] = ["name", "type"].map((key) => textOf(source.get(key, true)));
        const isOwn = type === "prometheus";
        const words = isOwn
            ? "is the stack's own Prometheus"
            : `is of the kind ${type}: add it in Grafana, where its data volume keeps it`;
        turning.say(note(isOwn ? "changed" : "decide", source.items[0]?.key, `${what}: data source ${name}`, words));
    }
}
