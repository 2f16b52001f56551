import { toYaml } from "../../config/render/yaml";
import { formatDuration } from "../../config/schema/units";
import { definePart } from "../part";
import { needsQuery } from "./check";
import { dataSource, isDeclared, jobNameOf, ownJob, running, thanosImage } from "./component";
import { configuration, filePath } from "./container";
import { queryFrontendSchema } from "./settings";

const role = "thanos-query-frontend";

/** The file with what it keeps. */
const cacheFile = "cache.yml";

/**
 * Before Query: splits long queries, and keeps the answers.
 * Source of the flags: https://thanos.io/tip/components/query-frontend.md/
 */
export const queryFrontend = definePart({
    ...{ key: "thanos", path: ["thanos", "queryFrontend"], title: "Thanos Query Frontend", role },
    settings: queryFrontendSchema,
    jobName: jobNameOf(role),
    isWanted: isDeclared("queryFrontend"),
    check: needsQuery("queryFrontend", "stands before"),
    image: thanosImage,
    plan: ({ cacheSize, ...common }, { stack }) => ({
        publishes: {
            jobs: [ownJob(stack, role, "queryFrontend", common)],
            dataSources: [dataSource(stack, role)],
        },
        files: () => ({
            [cacheFile]: toYaml({ type: "IN-MEMORY", config: { max_size: `${cacheSize}B` } }),
        }),
    }),
    configuration,
    resources: running(({ splitInterval }, { config }) => {
        const split = formatDuration(splitInterval);
        return {
            role,
            command: [
                "query-frontend",
                `--query-frontend.downstream-url=${dataSource(config.stack, "thanos-query").url}`,
                `--query-range.split-interval=${split}`,
                `--query-range.response-cache-config-file=${filePath(cacheFile)}`,
                `--labels.split-interval=${split}`,
                "--web.disable-cors",
            ],
        };
    }),
});
