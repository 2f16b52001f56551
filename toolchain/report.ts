import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "../components/delivery/prometheus";
import { dockerName } from "../components/stack";
import type { Environment } from "./environment";
import { output, ToolError } from "./process";
import { say } from "./progress";

/** How long a target may take until its first good scrape, in milliseconds. */
const patience = 90_000;

interface Target {
    readonly scrapePool: string;
    readonly scrapeUrl: string;
    readonly health: "up" | "down" | "unknown";
    readonly lastError: string;
}

/** Waits until every target of the stack was scraped, and returns them all. @throws ToolError that names those that were not */
export async function waitForTargets(stack: string): Promise<Target[]> {
    const started = Date.now();
    for (let told = ""; ; await sleep(500)) {
        const { activeTargets } = ask(dockerName(stack, "prometheus"), "targets?state=active") as {
            activeTargets: Target[];
        };
        const waiting = activeTargets.filter(({ health }) => health !== "up");
        if (waiting.length === 0) {
            return activeTargets;
        }
        const jobs = [...new Set(waiting.map(({ scrapePool }) => scrapePool))].sort().join(", ");
        if (jobs !== told) {
            say(`Waiting for the first scrape of ${jobs} ...`);
            told = jobs;
        }
        if (Date.now() - started > patience) {
            const failed = waiting.map(({ scrapePool, scrapeUrl, lastError }) => [scrapePool, scrapeUrl, lastError]);
            throw new ToolError(
                `The stack is deployed, but after ${patience / 1000} s Prometheus cannot scrape:\n${table(failed)}`,
            );
        }
    }
}

/** Says what runs where, and how to get in. */
export function report(stack: string, targets: readonly Target[], env: Environment): void {
    const outputs = JSON.parse(output("pulumi", ["stack", "output", "--json"], { env })) as Record<string, string>;
    const filter = `label=metrics-stack.stack=${stack}`;
    const containers = output("docker", ["ps", "--filter", filter, "--format", "{{.Names}}\t{{.Status}}\t{{.Ports}}"], {
        env,
    });
    const password = "npm run pulumi -- stack output grafanaAdminPassword --show-secrets";
    const grafana = outputs.grafanaUrl
        ? [
              ["Grafana", outputs.grafanaUrl],
              ["", "user admin, password:"],
              ["", stack === "dev" ? password : `${password} --stack ${stack}`],
          ]
        : [["Grafana", env.METRICS_STACK_WITHOUT_GRAFANA ? `left out: ${env.METRICS_STACK_WITHOUT_GRAFANA}` : "off"]];
    say(
        [
            "",
            table([
                ["JOB", "TARGET", "HEALTH"],
                ...targets.map(({ scrapePool, scrapeUrl, health }) => [scrapePool, scrapeUrl, health]),
            ]),
            "",
            table([
                ["CONTAINER", "STATUS", "PORTS"],
                ...containers
                    .trim()
                    .split("\n")
                    .map((line) => line.split("\t"))
                    .sort(),
            ]),
            "",
            table([["Prometheus", outputs.prometheusUrl ?? ""], ...grafana]),
        ].join("\n"),
    );
}

/** Says which volumes outlived the stack. */
export function reportVolumes(stack: string, env: Environment): void {
    const volumes = output("docker", ["volume", "ls", "--quiet", "--filter", `label=metrics-stack.stack=${stack}`], {
        env,
    });
    const names = volumes.trim().split("\n").filter(Boolean);
    if (names.length > 0) {
        say(
            `\nKept, with all samples and dashboards: ${names.join(", ")}\n` +
                `The next up goes on with them. To delete them for good: docker volume rm ${names.join(" ")}`,
        );
    }
}

/** Lines with aligned columns. */
function table(rows: readonly (readonly string[])[]): string {
    const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
    return rows
        .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd())
        .join("\n");
}
