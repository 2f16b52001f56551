import type { Answers } from "../../commands/status/ask";
import { json } from "../../commands/status/ask";
import type { Grafana } from "../../commands/status/facts";

/** Asks Grafana in its container, from the bash that its start script needs too. Needs no password. */
export const grafanaScript = `echo @health
exec 3<> /dev/tcp/127.0.0.1/3000 && printf 'GET /api/health HTTP/1.0\\r\\nHost: 127.0.0.1:3000\\r\\n\\r\\n' >&3 && cat <&3`;

/** @returns undefined where it does not answer */
export function readGrafana({ health = "" }: Answers): Grafana | undefined {
    const said = json<Partial<Grafana>>(health.slice(health.indexOf("{")));
    return said && { version: said.version ?? "", database: said.database ?? "unknown" };
}
