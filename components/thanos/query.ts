import { toYaml } from "../../config/render/yaml";
import { formatDuration } from "../../config/schema/units";
import type { Published, Store } from "../part";
import { definePart } from "../part";
import { publishedUrl } from "../publishedUrl";
import { addressOf, dataSource, isDeclared, jobNameOf, ownJob, running, thanosImage } from "./component";
import { configuration, filePath, httpPort } from "./container";
import type { CommonArgs } from "../service";
import type { QuerySettings } from "./settings";
import { querySchema } from "./settings";
import { queryProbe } from "./status";
import type { Tls } from "./tls";
import { clientConfig, tlsFiles } from "./tls";

const role = "thanos-query";

/** The file with whom it asks. */
const endpointsFile = "endpoints.yml";

/** Where it is below the door. */
const sitePath = "/thanos";

/** What people from outside may ask: nothing that profiles. Source: https://thanos.io/tip/components/query.md/ */
const allowed = {
    closed: ["/debug/*"],
    open: [
        {
            method: "POST",
            paths: ["query", "query_range", "series", "labels"].map((endpoint) => `/api/v1/${endpoint}`),
        },
    ],
};

/**
 * Answers PromQL from the stack's own sidecar and store, and from those of other stacks.
 * Source of the flags: https://thanos.io/tip/components/query.md/
 */
export const query = definePart({
    ...{ key: "thanos", path: ["thanos", "query"], title: "Thanos Query", role },
    settings: querySchema,
    jobName: jobNameOf(role),
    isWanted: isDeclared("query"),
    image: thanosImage,
    plan: ({ endpoints, tls, ...common }, { stack }) => ({
        publishes: {
            jobs: [ownJob(stack, role, "query", common)],
            dataSources: [dataSource(stack, role)],
            sites: [{ path: sitePath, address: addressOf(stack, role, httpPort), withoutLogin: allowed }],
        },
        files: ({ stores }) => ({ [endpointsFile]: renderEndpoints(stores, endpoints, tls) }),
        secretFiles: () => tlsFiles(tls),
    }),
    configuration,
    probe: queryProbe,
    resources: running((settings, { common, published: { stores }, stores: asks }) => {
        const { port, bindAddress, externalUrl, queryTimeout } = settings;
        const copied = stores.flatMap(({ replicaLabel = [] }) => replicaLabel);
        const replicaLabels = [...new Set([...settings.replicaLabels, ...copied])];
        const deduplication = settings.deduplication ?? (copied.length > 0 ? "chain" : undefined);
        const url = publishedUrl({ bindAddress, port, dockerHost: common.dockerHost });
        const prefix = new URL(externalUrl ?? url).pathname.replace(/\/$/, "");
        return {
            role,
            command: [
                "query",
                `--endpoint.sd-config-file=${filePath(endpointsFile)}`,
                "--endpoint.sd-config-reload-interval=5s",
                ...replicaLabels.map((label) => `--query.replica-label=${label}`),
                ...(deduplication === undefined ? [] : [`--deduplication.func=${deduplication}`]),
                `--query.timeout=${formatDuration(queryTimeout)}`,
                // Of a long time the coarser samples, where the compactor has made them.
                "--query.auto-downsampling",
                // No page of somebody else reads it in the browser of who may.
                "--web.disable-cors",
                ...(prefix === "" ? [] : [`--web.external-prefix=${prefix}`, "--web.route-prefix=/"]),
            ],
            ports: [{ internal: httpPort, external: port, ip: bindAddress }],
            // One that is not there yet is asked again after a while that grows: https://github.com/grpc/grpc/blob/master/doc/connection-backoff.md
            asks,
            outputs: { thanosQueryUrl: url },
        };
    }),
});

/**
 * Those of the stack are asked even when they seem not to be there: their absence is told with the answer. Of others it is in the
 * alerts.
 * Source: https://thanos.io/tip/components/query.md/#endpoint-configuration
 */
const renderEndpoints = (own: readonly Store[], others: readonly string[], tls: Tls) =>
    toYaml({
        endpoints: [
            ...own.map(({ address, isElsewhere, isSecure }) => ({
                address,
                ...(!isElsewhere && { strict: true }),
                ...(isSecure && clientConfig),
            })),
            ...others
                .filter((address) => !own.some((each) => each.address === address))
                .map((address) => ({ address, ...(tls && clientConfig) })),
        ],
    });

/** Where people find it. */
export const queryUrl = (
    { bindAddress, externalUrl, port }: Pick<QuerySettings, "bindAddress" | "externalUrl" | "port">,
    { dockerHost }: Pick<CommonArgs, "dockerHost">,
    { entrance }: Pick<Published, "entrance">,
) =>
    externalUrl ??
    (entrance === undefined ? publishedUrl({ bindAddress, port, dockerHost }) : `${entrance}${sitePath}/`);
