import { formatDuration } from "../../config/schema/units";
import { definePart } from "../part";
import { checkSidecar } from "./check";
import { grpcAddress, jobNameOf, ownJob, running, thanosImage } from "./component";
import { configuration, grpcPort, samplesFolder, secretPath } from "./container";
import { bucketMounts, storageFiles, storageFlags, storageName } from "./objectStorage";
import { accessFile, accessFiles } from "./prometheusAccess";
import { sidecarSchema } from "./settings";
import { serverFlags, tlsFiles } from "./tls";

const role = "thanos-sidecar";
const title = "Thanos Sidecar";

/** Prometheus is asked this often whether it is there. */
const heartbeat = 10_000;

/** By this output the next deployment knows that blocks were shipped before. */
const storageOutput = "thanosObjectStorage";

/**
 * Beside Prometheus: it gives its samples to Query, and ships its blocks.
 * Source of the flags: https://thanos.io/tip/components/sidecar.md/
 */
export const sidecar = definePart({
    ...{ key: "thanos", path: ["thanos", "sidecar"], title, role },
    settings: sidecarSchema,
    jobName: jobNameOf(role),
    isWanted: ({ thanos }) => thanos !== undefined,
    check: checkSidecar,
    image: thanosImage,
    plan: ({ objectStorage, tls, ...common }, { stack }) => ({
        publishes: {
            jobs: [ownJob(stack, role, "sidecar", common)],
            stores: [{ address: grpcAddress(stack, role), isSecure: tls !== undefined }],
            shippers: objectStorage ? [title] : [],
        },
        files: () => ({}),
        secretFiles: ({ dataSources: [prometheus] }) => ({
            ...storageFiles(objectStorage),
            ...tlsFiles(tls),
            ...(prometheus && accessFiles(prometheus.access)),
        }),
        change: (outputs) =>
            objectStorage && outputs.prometheusUrl !== undefined && outputs[storageOutput] === undefined
                ? "metrics-stack:thanos.objectStorage: Prometheus is started again, and compacts no block any more: each stays one of two " +
                  "hours until the local retention removes it. Blocks that it has compacted before are shipped with " +
                  "thanos: {sidecar: {uploadCompacted: true}} alone (docs/long-term-storage.md)"
                : undefined,
    }),
    configuration,
    resources: running(({ objectStorage, port, bindAddress, tls, uploadCompacted }, { published }) => {
        const [prometheus] = published.dataSources;
        return {
            role,
            command: [
                "sidecar",
                `--prometheus.url=${prometheus?.url}`,
                `--prometheus.get_config_interval=${formatDuration(heartbeat)}`,
                `--prometheus.get_config_timeout=${formatDuration(heartbeat)}`,
                `--prometheus.http-client-file=${secretPath(accessFile)}`,
                `--tsdb.path=${samplesFolder}`,
                ...serverFlags(tls),
                ...storageFlags(objectStorage),
                ...(objectStorage && uploadCompacted ? ["--shipper.upload-compacted"] : []),
            ],
            // What it ships it links in there first.
            mounts: [
                ...(objectStorage && prometheus?.volume !== undefined
                    ? [{ source: prometheus.volume, target: samplesFolder }]
                    : []),
                ...bucketMounts(objectStorage),
            ],
            ...(port !== undefined && { ports: [{ internal: grpcPort, external: port, ip: bindAddress }] }),
            ...(objectStorage && { outputs: { [storageOutput]: storageName(objectStorage) } }),
        };
    }),
});
