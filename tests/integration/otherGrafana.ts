import { docker, freePort } from "./checkout";
import { grafanaImage } from "./grafanaImage";
import { eventually } from "./prometheusApi";

const key = "a secret key of somebody else's Grafana";

/** What nearly every example has: a data source without a uid of its own. */
const provisioning = {
    "datasources/prometheus.yml": `apiVersion: 1
datasources:
  - name: Prometheus
    type: prometheus
    access: proxy
    url: http://prometheus:9090
    isDefault: true
`,
    "dashboards/dashboards.yml": `apiVersion: 1
providers:
  - name: own
    type: file
    options:
      path: /tmp/dashboards
`,
};

/** A Grafana that somebody ran before, whose volume a stack takes over. */
export class OtherGrafana {
    public readonly volume: string;

    constructor(private readonly container: string) {
        this.volume = `${container}-data`;
    }

    /**
     * Starts it, saves a dashboard, stops it, and leaves its key as docs/migrating.md says.
     * @returns the uid that it gave its data source
     */
    public async made(dashboard: string): Promise<string> {
        const port = await freePort();
        const files = Object.entries(provisioning).map(([file, text]) => `cat > /tmp/p/${file} << 'END'\n${text}END`);
        const start = ["mkdir -p /tmp/p/datasources /tmp/p/dashboards /tmp/dashboards", ...files, "exec /run.sh"];
        const settings = { PATHS_PROVISIONING: "/tmp/p", AUTH_ANONYMOUS_ENABLED: "false", SECURITY_SECRET_KEY: key };
        docker(
            ...["run", "--detach", "--name", this.container, "--volume", `${this.volume}:/var/lib/grafana`],
            ...["--publish", `127.0.0.1:${port}:3000`],
            ...Object.entries(settings).flatMap(([name, value]) => ["--env", `GF_${name}=${value}`]),
            ...["--entrypoint", "/bin/bash", grafanaImage, "-c", start.join("\n")],
        );
        const ask = async (path: string, body?: object) => {
            const response = await fetch(`http://127.0.0.1:${port}/api/${path}`, {
                method: body === undefined ? "GET" : "POST",
                headers: {
                    authorization: `Basic ${Buffer.from("admin:admin").toString("base64")}`,
                    "content-type": "application/json",
                },
                body: body === undefined ? null : JSON.stringify(body),
            });
            return response.json();
        };
        await eventually(60_000, () => ask("health"));
        await ask("dashboards/db", { dashboard: { uid: dashboard, title: "Own", panels: [] } });
        const [source] = (await ask("datasources")) as [{ uid: string }];
        docker("stop", this.container);
        const keep = `umask 077 && printf %s "${key}" > /data/secret-key && chown 472:0 /data/secret-key`;
        const asRoot = ["run", "--rm", "--user", "0:0", "--volume", `${this.volume}:/data`, "--entrypoint", "sh"];
        docker(...asRoot, grafanaImage, "-c", keep);
        docker("rm", "--volumes", this.container);
        return source.uid;
    }

    public remove(): void {
        docker("volume", "rm", "--force", this.volume);
    }
}
