import { toolchainMode } from "../../toolchain/mode";
import { debianWith } from "../../toolchain/images/debian";
import type { Entry } from "../../toolchain/images/import";
import { importImage } from "../../toolchain/images/import";
import { provideImage } from "../../toolchain/images/provide";

/** Real programs to scrape and to ask: the official images, or where none can be pulled the same versions from Debian's packages. */
export const exporterImages = {
    pushgateway: "prom/pushgateway:v1.5.1",
    // The one with a shell: https://github.com/oliver006/redis_exporter#run-via-docker
    redisExporter: "oliver006/redis_exporter:v1.45.0-alpine",
    redis: "redis:7.0.15",
};

const programs: Readonly<Record<keyof typeof exporterImages, readonly [name: string, ofDebian: string]>> = {
    pushgateway: ["/bin/pushgateway", "prometheus-pushgateway"],
    redisExporter: ["/redis_exporter", "prometheus-redis-exporter"],
    redis: ["/usr/bin/redis-server", "redis-server"],
};

export async function provideExporters(): Promise<void> {
    for (const [key, name] of Object.entries(exporterImages)) {
        const [program, ofDebian] = programs[key as keyof typeof programs];
        const link: Entry = { name: program.slice(1), content: { link: `/usr/bin/${ofDebian}` } };
        await provideImage(
            {
                ...{ name, reference: name },
                fromPackages: async (reference) =>
                    importImage(reference, {
                        base: await debianWith(
                            "exporters",
                            Object.values(programs).map(([, each]) => each),
                        ),
                        settings: [`ENTRYPOINT ["${program}"]`],
                        entries: key === "redis" ? [] : [link],
                    }),
            },
            toolchainMode(),
        );
    }
}
