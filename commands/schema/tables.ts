import type { JsonSchema } from "./jsonSchema";

/** The tables of docs/configuration.md. */

/** Where the keys of a part of the declaration are explained: below which heading, and what stands in front of each. */
interface Place {
    readonly heading: string;
    readonly prefix: string;
}

const places: Readonly<Record<string, Place>> = {
    stack: { heading: "All keys", prefix: "" },
    receiver: { heading: "Receivers", prefix: "receivers[]." },
    route: { heading: "Routes", prefix: "routes[]." },
    alertmanagers: { heading: "Alertmanagers elsewhere", prefix: "alerting.alertmanagers[]." },
    dataSource: { heading: "Data sources", prefix: "grafana.dataSources[]." },
    web: { heading: "Certificates and users", prefix: "web." },
    scrapeJob: { heading: "Scrape jobs", prefix: "" },
    labelledContainers: { heading: "Labelled containers", prefix: "labelledContainers." },
    pushedJob: { heading: "Applications that push", prefix: "pushedJobs[]." },
    remoteWrite: { heading: "Where samples are sent", prefix: "remoteWrite[]." },
    collectorExporter: { heading: "Where a collector sends", prefix: "collector.exporters[]." },
    remoteRead: { heading: "Where older samples are read", prefix: "remoteRead[]." },
    relabelConfig: { heading: "Relabeling rules", prefix: "" },
    s3: { heading: "S3", prefix: "thanos.objectStorage.config." },
    gcs: { heading: "Google Cloud Storage", prefix: "thanos.objectStorage.config." },
    azure: { heading: "Azure Blob Storage", prefix: "thanos.objectStorage.config." },
    filesystem: { heading: "A folder as a bucket", prefix: "thanos.objectStorage.config." },
    host: { heading: "Hosts", prefix: "host." },
    container: { heading: "Containers", prefix: "container." },
    application: { heading: "Applications", prefix: "application." },
    exporter: { heading: "Exporters", prefix: "exporters[]." },
    exporterJob: { heading: "Jobs of exporters", prefix: "exporters[].scrapeJob." },
    declaredProbe: { heading: "What is probed", prefix: "probes[]." },
    probe: { heading: "Probes", prefix: "probe." },
    thanosJob: { heading: "Jobs of Thanos", prefix: "thanos." },
    applicationProfile: { heading: "Profiles of applications", prefix: "" },
};

/** What has a title stands below it. */
const placeOf = (name: string, { title }: JsonSchema): Place | undefined =>
    title === undefined ? places[name] : { heading: title, prefix: "" };

const table = /(<!-- keys of (\w+), written by `npm run schema` -->\n)[^]*?(\n<!-- end -->)/g;

/**
 * Writes the tables of a text anew, each between `<!-- keys of ... -->` and `<!-- end -->`.
 * @throws if one has no place in the text, or the text has one that nobody knows
 */
export function withTables(text: string, declaration: JsonSchema): string {
    const parts: Parts = { stack: declaration, ...declaration.$defs };
    const missing = new Set(Object.keys(parts).filter((name) => parts[name]?.explainedAt === undefined));
    const written = text.replace(table, (_, begin: string, name: string, end: string) => {
        const part = parts[name];
        const place = part && placeOf(name, part);
        if (!place || !missing.delete(name) || !text.includes(`# ${place.heading}\n`)) {
            throw new Error(`The table of ${name} is unknown, is there twice, or has no heading.`);
        }
        const header = ["| key | default | meaning |", "| --- | --- | --- |"];
        return `${begin}\n${[...header, ...rowsOf(part, place.prefix, parts)].join("\n")}\n${end}`;
    });
    if (missing.size > 0) {
        throw new Error(`There is no table of ${[...missing].join(", ")}.`);
    }
    return written;
}

type Parts = Readonly<Record<string, JsonSchema>>;

interface Row {
    readonly keys: readonly string[];
    readonly standard: string;
    readonly meaning: string;
}

/** A row for each key, and in place of an object, one for each of its keys. Neighbours with one meaning share a row. */
function rowsOf(part: JsonSchema, prefix: string, parts: Parts): string[] {
    const rows = keysOf(part, prefix, parts).reduce<Row[]>((before, { keys, standard, meaning }) => {
        const last = before.at(-1);
        return last && last.meaning === meaning && last.standard === standard && meaning !== ""
            ? [...before.slice(0, -1), { ...last, keys: [...last.keys, ...keys] }]
            : [...before, { keys, standard, meaning }];
    }, []);
    return rows.map(({ keys, standard, meaning }) => row(listed(keys), standard, meaning));
}

/** Many are their first and their last: who gives so many one meaning lists them in the text. */
function listed(keys: readonly string[]): string {
    const [first = "", ...others] = keys.map((key) => `\`${key}\``);
    return others.length > 2 ? `${first} to ${others.at(-1)}` : [first, ...others].join(", ");
}

function keysOf({ properties = {}, required = [] }: JsonSchema, prefix: string, parts: Parts): Row[] {
    return Object.entries(properties).flatMap(([key, schema]) => {
        const name = prefix + key;
        const [inside, steps] = schema.items ? [schema.items, "[]."] : [schema, "."];
        const isExplained = Object.values(inside.properties ?? {}).some(({ description }) => description !== undefined);
        return isExplained
            ? keysOf(inside, name + steps, parts)
            : [
                  {
                      keys: [name],
                      standard: defaultOf(schema, required.includes(key)),
                      meaning: meaningOf(schema, parts),
                  },
              ];
    });
}

const row = (...cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

function defaultOf(schema: JsonSchema, isRequired: boolean): string {
    if (schema.derived !== undefined) {
        return schema.derived;
    }
    const value = valueOf(schema);
    return value !== undefined ? `\`${value}\`` : isRequired ? "required" : "";
}

/** A default as it would be written; that of an object is made of those of its keys. */
function valueOf({ default: value, properties }: JsonSchema): string | undefined {
    return properties
        ? `{${Object.entries(properties)
              .map(([key, schema]) => `${key}: ${valueOf(schema)}`)
              .join(", ")}}`
        : typeof value === "string" || value === undefined
          ? value
          : JSON.stringify(value);
}

function meaningOf(schema: JsonSchema, parts: Parts): string {
    const words = schema.enum ?? schema.items?.enum;
    const part = [schema, schema.items, schema.additionalProperties, ...(schema.anyOf ?? [])].flatMap((each) =>
        typeof each === "object" ? (each.$ref?.split("/").at(-1) ?? []) : [],
    )[0];
    const heading = part === undefined ? undefined : placeOf(part, parts[part] ?? {})?.heading;
    return [
        schema.description,
        words && `One of ${words.map((word) => `\`${word}\``).join(", ")}.`,
        schema.secret && "A secret.",
        heading && `See [${heading}](#${anchorOf(heading)}).`,
    ]
        .filter((sentence) => sentence !== undefined)
        .join(" ");
}

/** Source: https://docs.github.com/en/get-started/writing-on-github, section links */
const anchorOf = (heading: string) =>
    heading
        .toLowerCase()
        .replaceAll(/[^\w -]/g, "")
        .replaceAll(" ", "-");
