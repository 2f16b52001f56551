import { usedVolumes } from "../../config/check/host";
import { publishedJob } from "../../config/render/job";
import { at } from "../../config/schema/problems";
import { dockerName } from "../dockerName";
import { definePartList } from "../part";
import { checkExporter } from "./check";
import { configuration } from "./container";
import { readFiles } from "./files";
import { exporterSchema, exportersSchema } from "./settings";

/** Any program with metrics that runs in a container: a part for each that is declared, all of this folder. */
export const exporters = definePartList({
    key: "exporters",
    settings: exportersSchema,
    each(item, index) {
        const { name = "", image = "", user = "" } = item;
        const role = `exporter-${name}`;
        const path = ["exporters", index];
        return {
            ...{ key: "exporters", path, title: name, role },
            settings: exporterSchema,
            ...(item.name !== undefined && { jobName: item.name }),
            listensAt: () => [
                { address: item.bindAddress, port: item.publishedPort, path: [...path, "publishedPort"] },
            ],
            image: { standard: image },
            check: (_, surroundings) => checkExporter(item, surroundings).map((each) => at(path, each)),
            plan: ({ port, scrapeJob: { labels, ...job }, ...settings }, { stack }, { readFile }) => ({
                publishes: {
                    jobs: [{ ...publishedJob(name, `${dockerName(stack, role)}:${port}`, {}, { labels }), ...job }],
                },
                joins: settings.joinNetworks.map((network, i) => ({
                    ...{ name: network, path: [...path, "joinNetworks", i] },
                })),
                mounts: usedVolumes(settings.mounts, path),
                files: () => readFiles(settings.files, readFile).files,
                secretFiles: () => ({ ...settings.secretFiles, ...settings.secretEnvironment }),
            }),
            configuration: configuration(user),
            resources: async () => {
                const { deployAs } = await import("./resources");
                return { deploy: (...all) => deployAs(role, ...all) };
            },
        };
    },
});
