import { rows } from "../table";
import { isWell } from "./containers";
import type { Alert, Container, Difference, Prometheus, Status, Target } from "./facts";
import { delivery } from "./differences";
import { by } from "./sort";
import { isWrong } from "./verdict";
import { containerStatus, minute, share, size, span } from "./words";

/** How many targets, alerts or differences are listed one by one. */
const most = 20;

/** How a line looks in a terminal. Colours only repeat what the words say. */
export interface Paint {
    readonly bad: (text: string) => string;
    readonly good: (text: string) => string;
}
export const plain: Paint = { bad: (text) => text, good: (text) => text };
export const coloured: Paint = {
    bad: (text) => `\u001b[31m${text}\u001b[0m`,
    good: (text) => `\u001b[32m${text}\u001b[0m`,
};

/** What runs, and how it is: everything but the differences and the verdict, which take longer. */
export function overview(status: Status, paint: Paint): string {
    const { stack, dockerHost, time, containers, prometheus } = status;
    const now = Date.parse(time);
    const parts = [
        [`Stack ${stack} on ${dockerHost} at ${time.slice(0, 19).replace("T", " ")} UTC`],
        containerTable(containers, now, ["STATUS", "MEMORY", "IMAGE"], paint),
        ...(prometheus ? [targetTable(prometheus.targets, paint), alertTable(prometheus.alerts, now, paint)] : []),
        programs(status, now),
    ];
    return parts
        .filter((lines) => lines.length > 0)
        .map((lines) => lines.join("\n"))
        .join("\n\n");
}

/** What the next up would change, and in the end what all this comes to. */
export function verdict({ differences, problems, unknown, notes }: Status, paint: Paint): string {
    const parts = [
        differenceTable(differences ?? []),
        notes,
        unknown.length === 0 ? [] : ["Not found out:", ...list(unknown)],
        problems.length === 0 ? [] : [paint.bad("Wrong:"), ...list(problems)],
        problems.length + unknown.length > 0 ? [] : [paint.good(allIsWell(differences))],
    ];
    return parts
        .filter((lines) => lines.length > 0)
        .map((lines) => lines.join("\n"))
        .join("\n\n");
}

function allIsWell(differences: Status["differences"]): string {
    if (differences === null) {
        return "All is well.";
    }
    return differences.length === 0 ? "All is well, and as it is declared." : "All is well with what runs.";
}

const columns = {
    STATUS: (container: Container, now: number) => containerStatus(container, now),
    MEMORY: ({ memoryUsage, memoryLimit }: Container) =>
        [
            memoryUsage === null ? "" : size(memoryUsage),
            memoryUsage === null || memoryLimit === null ? "" : size(memoryLimit),
        ]
            .filter(Boolean)
            .join(" of "),
    IMAGE: ({ image }: Container) => image,
    PORTS: ({ ports }: Container) => ports.join(", "),
};

/** The containers, with the columns that are asked for. */
export function containerTable(
    containers: readonly Container[],
    now: number,
    wanted: readonly (keyof typeof columns)[],
    paint: Paint = plain,
): string[] {
    if (containers.length === 0) {
        return [];
    }
    const cells = containers.map((each) => [each.name, ...wanted.map((column) => columns[column](each, now))]);
    return painted(rows([["CONTAINER", ...wanted], ...cells]), containers.map(isWell), paint);
}

/** Every target where there are few; else how many are up of each job, and those that are not. */
export function targetTable(targets: readonly Target[], paint: Paint = plain): string[] {
    const jobs = [...new Set(targets.map(({ scrapePool }) => scrapePool))];
    const line = ({ scrapePool, scrapeUrl, health, lastError }: Target) => ({
        // The address stands beside it already.
        cells: [scrapePool, scrapeUrl, health, ...(lastError === "" ? [] : [lastError.replace(/^Get "[^"]*": /, "")])],
        up: health !== "down",
    });
    if (targets.length <= most) {
        const lines = targets.map(line);
        const head = [
            "JOB",
            "TARGET",
            "HEALTH",
            ...(lines.some(({ cells }) => cells.length > 3) ? ["LAST ERROR"] : []),
        ];
        return painted(
            rows([head, ...lines.map(({ cells }) => cells)]),
            lines.map(({ up }) => up),
            paint,
        );
    }
    const counts = jobs.map((job) => {
        const all = targets.filter(({ scrapePool }) => scrapePool === job);
        const up = all.filter(({ health }) => health === "up").length;
        return [job, String(up), String(all.length - up)];
    });
    const others = targets.filter(({ health }) => health !== "up").map(line);
    const shown = others.slice(0, most);
    const downTable = [["JOB", "TARGET", "HEALTH", "LAST ERROR"], ...shown.map(({ cells }) => cells)];
    return [
        ...rows([["JOB", "UP", "NOT UP"], ...counts]),
        ...(shown.length === 0
            ? []
            : [
                  "",
                  ...painted(
                      rows(downTable),
                      shown.map(({ up }) => up),
                      paint,
                  ),
              ]),
        ...more(others.length - shown.length),
    ];
}

function alertTable(alerts: readonly Alert[], now: number, paint: Paint): string[] {
    const firing = alerts.filter(({ state }) => state === "firing");
    const pending = alerts.length - firing.length;
    const shown = firing.slice(0, most);
    const cells = shown.map(({ labels, activeAt, summary, silencedBy }) => [
        labels.alertname ?? "",
        labels.severity ?? "",
        span(now - Date.parse(activeAt)),
        silencedBy === null
            ? summary
            : `${summary} (silenced until ${minute(silencedBy.endsAt)}: ${silencedBy.comment})`,
    ]);
    const quiet = shown.map((alert) => !isWrong(alert));
    return [
        ...(shown.length === 0
            ? ["  No alert fires"]
            : painted(rows([["ALERT", "SEVERITY", "FOR", "SUMMARY"], ...cells]), quiet, paint)),
        ...more(firing.length - shown.length),
        ...(pending === 0 ? [] : [`  ${counted(pending, "alert")} pending`]),
    ];
}

/** A line or two of each program. */
function programs({ prometheus, alertmanager, grafana }: Status, now: number): string[] {
    return rows([
        ...(prometheus ? prometheusLines(prometheus, now) : []),
        ...(alertmanager
            ? [["Alertmanager", `${alertmanager.version}, ${counted(alertmanager.activeSilences, "active silence")}`]]
            : []),
        ...(grafana ? [["Grafana", `${grafana.version}, database ${grafana.database}`.replace(/^, /, "")]] : []),
    ]);
}

function prometheusLines({ version, release, reloadConfigSuccess, storage }: Prometheus, now: number): string[][] {
    const { retentionSize, retentionTime, lowestTimestamp, filesystemFree, filesystemSize, filesystemFullAt } = storage;
    const of = (limit: string | null, name: string) => (limit === null ? "" : ` of ${limit} (${name})`);
    const oldest = lowestTimestamp === null ? "" : `, ${span(now - Date.parse(lowestTimestamp))}`;
    return [
        [
            "Prometheus",
            `${version}, ${release === null ? "" : `release ${release.name} since ${minute(release.since)}, `}last reload ` +
                (reloadConfigSuccess ? "successful" : "failed"),
        ],
        [
            "Samples",
            `${size(storage.size)}${of(retentionSize === null ? null : size(retentionSize), "retentionSize")}${oldest}` +
                of(retentionTime, "retentionTime"),
        ],
        ...(filesystemFree === null || filesystemSize === null
            ? []
            : [
                  [
                      "Disk",
                      `${size(filesystemFree)} of ${size(filesystemSize)} free (${share(filesystemFree / filesystemSize)})` +
                          (filesystemFullAt === null
                              ? ""
                              : `, full in ${span(Date.parse(filesystemFullAt) - now)} if it goes on as in the last 6 hours`),
                  ],
              ]),
    ];
}

function differenceTable(differences: readonly Difference[]): string[] {
    const reasons = differences.filter(({ reason }) => reason !== "");
    // There is always one; should there be none, what would change is still named.
    const named = reasons.length > 0 ? reasons : differences;
    const shown = [...named].sort(by(({ resource }) => delivery(resource))).slice(0, most);
    const cells = shown.map(({ op, resource, reason }) => [op, delivery(resource), reason]);
    return named.length === 0
        ? []
        : [
              `${counted(named.length, "difference")} from the declaration; npm run up would:`,
              ...rows(cells),
              ...more(named.length - shown.length),
          ];
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;
const more = (count: number) => (count > 0 ? [`  and ${count} more`] : []);
const list = (sentences: readonly string[]) => [
    ...sentences.slice(0, most).map((each) => `  - ${each}`),
    ...more(sentences.length - most),
];

/** Marks the lines of what is not well; the first line is the head. */
const painted = ([head = "", ...lines]: readonly string[], well: readonly boolean[], { bad }: Paint) => [
    head,
    ...lines.map((line, i) => (well[i] === false ? bad(line) : line)),
];
