import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { stringify } from "yaml";
import { images } from "../tests/images";
import { Checkout } from "../tests/integration/checkout";
import { PrometheusApi } from "../tests/integration/prometheusApi";
import { output, ToolError } from "../toolchain/process";
import { toItself } from "../tests/integration/toItself";
import { run } from "./typed";

/** A way to run Prometheus, with two jobs: "prometheus", which scrapes itself and never changes, and "bench". */
export interface Contestant {
    /** The command that a change takes. */
    readonly title: string;
    readonly container: string;
    readonly prometheus: PrometheusApi;
    /** Writes the targets of the job "bench" into a file, as a user does in an editor. */
    declare(targets: readonly string[]): void;
    /** Starts it with what was declared. */
    start(): Promise<void>;
    /** Has the running Prometheus take over what was declared since. */
    change(): Promise<void>;
    /** Removes all that it made. */
    remove(): Promise<void>;
}

/** This project: a copy of the checkout with a stack of its own. */
export class PulumiStack implements Contestant {
    public readonly title = "npm run up";
    public readonly container: string;
    public readonly prometheus: PrometheusApi;
    private readonly checkout = new Checkout();

    constructor(
        port: number,
        private readonly scrapeInterval: string,
    ) {
        this.container = this.checkout.container("prometheus");
        this.prometheus = new PrometheusApi(port);
    }

    public declare(targets: readonly string[]): void {
        this.checkout.declare({
            scrapeInterval: this.scrapeInterval,
            prometheus: { port: this.prometheus.port },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
            scrapeJobs: [{ jobName: "bench", staticConfigs: [{ targets }], ...toItself }],
        });
    }

    public start(): Promise<void> {
        return this.change();
    }

    public change(): Promise<void> {
        return run(this.checkout, "npm", ["run", "up"]);
    }

    public async remove(): Promise<void> {
        this.checkout.remove();
    }
}

/** How a Compose project takes over an edited prometheus.yaml. */
type Change = "restart" | "reload";

/** The usual Compose project: a bind-mounted prometheus.yaml, a volume for the samples, and the lifecycle API switched on. */
export class ComposeProject implements Contestant {
    public readonly title: string;
    public readonly container: string;
    public readonly prometheus: PrometheusApi;
    private readonly folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-compose-"));

    /** @param compose the command line of Docker Compose, e.g. ["docker", "compose"] */
    constructor(
        private readonly compose: readonly [string, ...string[]],
        private readonly how: Change,
        port: number,
        private readonly scrapeInterval: string,
    ) {
        this.title = how === "restart" ? "docker compose restart prometheus" : "docker compose, POST /-/reload";
        this.container = `metrics-stack-bench${process.pid}-${how}`;
        this.prometheus = new PrometheusApi(port);
        mkdirSync(path.join(this.folder, "config"));
        writeFileSync(path.join(this.folder, "docker-compose.yaml"), stringify(this.project()));
    }

    /** Written in place: a container goes on seeing the old one of a bind-mounted file that an editor replaces. */
    public declare(targets: readonly string[]): void {
        const job = (name: string, ...addresses: string[]) => ({
            job_name: name,
            static_configs: [{ targets: addresses }],
        });
        const config = {
            global: { scrape_interval: this.scrapeInterval },
            scrape_configs: [job("prometheus", "localhost:9090"), job("bench", ...targets)],
        };
        writeFileSync(path.join(this.folder, "config", "prometheus.yaml"), stringify(config));
    }

    public async start(): Promise<void> {
        this.run("up", "--detach");
        await this.prometheus.becomesReady();
    }

    public async change(): Promise<void> {
        if (this.how === "restart") {
            this.run("restart", "prometheus");
            return;
        }
        const response = await fetch(`${this.prometheus.url}/-/reload`, { method: "POST" });
        if (!response.ok) {
            throw new ToolError(`POST /-/reload was answered with ${response.status}: ${await response.text()}`);
        }
    }

    public remove(): Promise<void> {
        this.run("down", "--volumes");
        rmSync(this.folder, { recursive: true });
        return Promise.resolve();
    }

    private run(...args: string[]): void {
        const [program, ...command] = this.compose;
        output(program, [...command, "--project-name", this.container, ...args], { cwd: this.folder });
    }

    private project(): object {
        return {
            services: {
                prometheus: {
                    image: images.prometheus,
                    container_name: this.container,
                    ports: [`127.0.0.1:${this.prometheus.port}:9090`],
                    volumes: [
                        "./config/prometheus.yaml:/etc/prometheus/prometheus.yaml:ro",
                        "prometheus_data:/prometheus",
                    ],
                    command: [
                        "--config.file=/etc/prometheus/prometheus.yaml",
                        "--storage.tsdb.path=/prometheus",
                        "--web.enable-lifecycle",
                    ],
                },
            },
            volumes: { prometheus_data: {} },
        };
    }
}
