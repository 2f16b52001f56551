import { toolchainMode } from "../../toolchain/mode";
import { debianWith } from "../../toolchain/images/debian";
import type { Entry } from "../../toolchain/images/import";
import { importImage } from "../../toolchain/images/import";
import { provideImage } from "../../toolchain/images/provide";

/**
 * Real programs to scrape and to ask: the official images, or where none can be pulled programs of these versions from Debian's
 * packages.
 */
export const exporterImages = {
    postgresExporter: "quay.io/prometheuscommunity/postgres-exporter:v0.11.1",
    postgres: "postgres:15.8",
    pushgateway: "prom/pushgateway:v1.5.1",
    // The one with a shell: https://github.com/oliver006/redis_exporter#run-via-docker
    redisExporter: "oliver006/redis_exporter:v1.45.0-alpine",
    redis: "redis:7.0.15",
};

/**
 * What the official image does with POSTGRES_PASSWORD: https://hub.docker.com/_/postgres. Debian's package makes no server that others
 * reach.
 */
const postgresOfDebian = `#!/bin/sh
set -eu
printf %s "$POSTGRES_PASSWORD" > /tmp/password && chown postgres /tmp/password
programs=/usr/lib/postgresql/15/bin
su postgres -c "$programs/initdb -D /tmp/data --auth-host=md5 --pwfile=/tmp/password && rm /tmp/password"
echo 'host all all all md5' >> /tmp/data/pg_hba.conf
exec su postgres -c "$programs/postgres -D /tmp/data -c listen_addresses='*' -c unix_socket_directories=/tmp"
`;

/** Where each is in its official image, and what Debian's package has in its place. */
const programs: Readonly<Record<keyof typeof exporterImages, readonly [program: string, ofDebian: string]>> = {
    postgresExporter: ["/bin/postgres_exporter", "/usr/bin/prometheus-postgres-exporter"],
    postgres: ["/usr/local/bin/docker-entrypoint.sh", postgresOfDebian],
    pushgateway: ["/bin/pushgateway", "/usr/bin/prometheus-pushgateway"],
    redisExporter: ["/redis_exporter", "/usr/bin/prometheus-redis-exporter"],
    redis: ["/usr/local/bin/docker-entrypoint.sh", "/usr/bin/redis-server"],
};
const packages = [
    ...["prometheus-postgres-exporter", "postgresql-15", "prometheus-pushgateway"],
    ...["prometheus-redis-exporter", "redis-server"],
];

export async function provideExporters(): Promise<void> {
    for (const [key, name] of Object.entries(exporterImages)) {
        await provide(name, programs[key as keyof typeof programs], () => debianWith("databases", packages));
    }
}

/** Another program that takes what Prometheus sends. Source of its program's place: https://hub.docker.com/r/victoriametrics/victoria-metrics */
export const victoriaMetrics = "victoriametrics/victoria-metrics:v1.79.5";

export const provideVictoriaMetrics = () =>
    provide(victoriaMetrics, ["/victoria-metrics-prod", "/usr/bin/victoria-metrics"], () =>
        debianWith("victoria-metrics", ["victoria-metrics"]),
    );

const provide = (name: string, [program, ofDebian]: readonly [string, string], base: () => Promise<string>) =>
    provideImage(
        {
            ...{ name, reference: name },
            fromPackages: async (reference) =>
                importImage(reference, {
                    base: await base(),
                    settings: [`ENTRYPOINT ["${program}"]`],
                    entries: [asProgram(program, ofDebian)],
                }),
        },
        toolchainMode(),
    );

const asProgram = (program: string, ofDebian: string): Entry => ({
    name: program.slice(1),
    ...(ofDebian.startsWith("/") ? { content: { link: ofDebian } } : { content: { text: ofDebian }, mode: 0o755 }),
});
