import { most, more, painted, plain, rows } from "../../toolchain/table";
import { metricsMissing } from "../../config/render/rules/application";
import type { Paint } from "../../toolchain/table";
import { counted, minute, share, size, span } from "../../toolchain/words";
import type { Alert, Prometheus, Receiver } from "./facts";
import type { ScrapedTarget } from "./scraped";

/** What `npm run status` shows of Prometheus, and what it calls wrong. */

/** How much of a file system the samples may take; the write-ahead log and compactions come on top of them. */
const mostOfDisk = 0.85;

/** How much older than the newest sample the newest one may be that was sent, in seconds: the alert about it goes by as much. */
const mostBehind = 120;

export const tables = ({ mode, targets, alerts }: Prometheus, now: number, paint: Paint) => [
    targetTable(targets, paint),
    ...(mode === "agent" ? [] : [alertTable(alerts, now, paint)]),
];

export const brief = {
    head: ["TARGETS UP", "ALERTS"],
    cells: ({ mode, targets, alerts }: Prometheus) => [
        `${targets.filter(({ health }) => health === "up").length} of ${targets.length}`,
        mode === "agent" ? "(agent)" : `${alerts.filter(({ state }) => state === "firing").length} fire`,
    ],
};

/** Every target where there are few; else how many are up of each job, and those that are not. */
export function targetTable(targets: readonly ScrapedTarget[], paint: Paint = plain): string[] {
    const jobs = [...new Set(targets.map(({ scrapePool }) => scrapePool))];
    const line = ({ scrapePool, scrapeUrl, health, lastError }: ScrapedTarget) => ({
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

export function lines(prometheus: Prometheus, now: number): string[][] {
    const { version, mode, release, reloadConfigSuccess, consoleUrl, storage, withoutPressure } = prometheus;
    const { jobsWithoutTargets, sendsTo } = prometheus;
    const { retentionSize, retentionTime, lowestTimestamp, filesystemFree, filesystemSize, filesystemFullAt } = storage;
    const of = (limit: string | null, name: string) => (limit === null ? "" : ` of ${limit} (${name})`);
    const oldest = lowestTimestamp === null ? "" : `, ${span(now - Date.parse(lowestTimestamp))}`;
    return [
        [
            "Prometheus",
            `${version}, ${mode === "agent" ? "an agent, " : ""}${release === null ? "" : `release ${release.name} since ${minute(release.since)}, `}last reload ` +
                (reloadConfigSuccess ? "successful" : "failed"),
        ],
        ...(consoleUrl === null ? [] : [["Dashboards", consoleUrl]]),
        ...sendsTo.map((receiver) => ["Sends to", receiverLine(receiver)]),
        [
            mode === "agent" ? "Log" : "Samples",
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
                              : `, full in ${span(Date.parse(filesystemFullAt) - now)} if it goes on as in the last 6 hours`) +
                          (storage.filesystemWatched === false ? "; no alert watches it (docs/alerts.md)" : ""),
                  ],
              ]),
        ...(jobsWithoutTargets.length === 0 ? [] : [["No targets", names(jobsWithoutTargets)]]),
        ...(withoutPressure.length === 0
            ? []
            : [
                  [
                      "Pressure",
                      `no alert can tell what waits on ${names(withoutPressure)}: the kernel does not (docs/alerts.md)`,
                  ],
              ]),
        ...prometheus.alerts
            .filter(({ labels }) => labels.alertname === metricsMissing)
            .slice(0, 5)
            .map(({ summary }) => ["Metrics", summary]),
    ];
}

const receiverLine = ({ name, secondsBehind, refused }: Receiver) =>
    [
        name,
        secondsBehind === null ? "it has taken nothing yet" : `${span(secondsBehind * 1000)} behind`,
        ...(refused > 0 ? [`${counted(refused, "sample")} refused`] : []),
    ].join(", ");

export function problems(prometheus: Prometheus): string[] {
    const { targets, alerts, reloadConfigSuccess, failingRules, notificationsDropped, storage } = prometheus;
    const down = targets.filter(({ health }) => health === "down").map(({ scrapePool }) => scrapePool);
    const firing = alerts.filter(isWrong).map(({ labels }) => labels.alertname ?? "");
    const { filesystemFree: free, filesystemSize: all, retentionSize, timestampAhead } = storage;
    const problems: (readonly [isThere: boolean, sentence: string])[] = [
        [down.length > 0, `${down.length} of ${targets.length} targets are down: ${names(down)}.`],
        [firing.length > 0, `${firing.length} alert${firing.length === 1 ? " fires" : "s fire"}: ${names(firing)}.`],
        [!reloadConfigSuccess, "Prometheus could not load its configuration, and runs with the one before."],
        ...failingRules.map(
            ({ group, name, lastError }) =>
                [true, `The rule ${name} of ${group} cannot be evaluated: ${lastError}`] as const,
        ),
        ...prometheus.sendsTo.map(
            ({ name, secondsBehind }) =>
                [
                    secondsBehind === null || secondsBehind > mostBehind,
                    secondsBehind === null
                        ? `${name} has taken no sample yet.`
                        : `${name} is ${span(secondsBehind * 1000)} behind: it takes no samples.`,
                ] as const,
        ),
        [notificationsDropped > 0, `${notificationsDropped} notifications were dropped within the last 10 minutes.`],
        [
            free !== null && all !== null && free / all < storage.filesystemLimit,
            `Only ${share((free ?? 0) / (all ?? 1))} of the file system with the samples is free.`,
        ],
        [
            retentionSize !== null && all !== null && retentionSize > mostOfDisk * all,
            `prometheus.retentionSize is ${size(retentionSize ?? 0)} on a file system of ${size(all ?? 0)}, which is full before: ` +
                `write at most ${share(mostOfDisk)} of that, "${Math.floor((mostOfDisk * (all ?? 0)) / 2 ** 20)}MB".`,
        ],
        [
            timestampAhead !== null,
            `The newest sample is of ${timestampAhead}, ahead of the clock: it was set back, and nothing older is stored ` +
                "(docs/runbooks/TargetMissing.md).",
        ],
    ];
    return problems.filter(([isThere]) => isThere).map(([, sentence]) => sentence);
}

/** An alert that people have to do something about, and did not silence. */
const isWrong = ({ state, labels, silencedBy }: Alert) =>
    state === "firing" && labels.severity !== "info" && silencedBy === null;

/** Each name once, with how often it was there. */
function names(all: readonly string[]): string {
    const counts = [...new Set(all)].map((name) => ({ name, count: all.filter((each) => each === name).length }));
    const said = counts.slice(0, 5).map(({ name, count }) => (count > 1 ? `${name} (${count} times)` : name));
    return [...said, ...(counts.length > 5 ? [`${counts.length - 5} more`] : [])].join(", ");
}
