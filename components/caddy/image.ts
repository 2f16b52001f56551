import * as path from "node:path";
import { built } from "../../toolchain/go";
import { baseEntries } from "../../toolchain/images/base";
import { importImage } from "../../toolchain/images/import";
import { versionOf } from "../part";

/** Makes the image of Caddy. Source: https://github.com/caddyserver/caddy-docker */
export async function importCaddy(reference: string): Promise<void> {
    const version = versionOf(reference);
    const folder = await built({
        title: `Caddy ${version}`,
        duration: "2 minutes",
        name: "caddy",
        folder: path.join(__dirname, "go"),
        packages: ["github.com/caddyserver/caddy/v2/cmd/caddy"],
        version: `github.com/caddyserver/caddy/v2.CustomVersion=v${version}`,
    });
    await importImage(reference, {
        settings: ["EXPOSE 443", 'CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile"]'],
        entries: [
            ...(await baseEntries()),
            ...["usr", "usr/bin", "etc/caddy", "var"].map((name) => ({ name, content: "folder" as const })),
            { name: "var/tmp", content: "folder", mode: 0o1777 },
            { name: "usr/bin/caddy", content: { file: path.join(folder, "caddy") } },
        ],
    });
}
