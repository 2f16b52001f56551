import type { Answers, Probe } from "../probe";
import { json } from "../probe";

/** Source: https://grafana.com/docs/grafana/latest/developers/http_api/other/#health-api */
export interface Grafana {
    readonly version: string;
    /** "ok", or what is wrong with it. */
    readonly database: string;
}

/** Asks Grafana in its container, from the bash that its start script needs too. Needs no password. */
const script = `echo @health
exec 3<> /dev/tcp/127.0.0.1/3000 && printf 'GET /api/health HTTP/1.0\\r\\nHost: 127.0.0.1:3000\\r\\n\\r\\n' >&3 && cat <&3`;

export const grafanaProbe: Probe<Grafana> = {
    script,
    shell: "bash",
    read({ health = "", silent = "" }: Answers) {
        const said = json<Partial<Grafana>>(health.slice(health.indexOf("{")));
        return said ? { version: said.version ?? "", database: said.database ?? "unknown" } : silent || "no answer";
    },
    lines: ({ version, database }) => [["Grafana", `${version}, database ${database}`.replace(/^, /, "")]],
    problems: ({ database }) => (database === "ok" ? [] : [`Grafana's database: ${database}`]),
};
