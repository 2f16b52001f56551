import { formatDuration } from "../../config/schema/units";
import { definePart } from "../part";
import { needsBucket } from "./check";
import { grpcAddress, isDeclared, jobNameOf, ownJob, running, thanosImage } from "./component";
import { configuration, workFolder } from "./container";
import { bucketMounts, storageFiles, storageFlags } from "./objectStorage";
import { storeSchema } from "./settings";

const role = "thanos-store";

/**
 * Gives Query what is in the bucket.
 * Source of the flags: https://thanos.io/tip/components/store.md/
 */
export const store = definePart({
    ...{ key: "thanos", path: ["thanos", "store"], title: "Thanos Store", role },
    settings: storeSchema,
    jobName: jobNameOf(role),
    isWanted: isDeclared("store"),
    check: needsBucket("store"),
    image: thanosImage,
    plan: ({ objectStorage, ...common }, { stack }) => ({
        publishes: {
            jobs: [ownJob(stack, role, "store", common)],
            stores: [{ address: grpcAddress(stack, role) }],
        },
        files: () => ({}),
        secretFiles: () => storageFiles(objectStorage),
    }),
    configuration,
    resources: running(({ objectStorage, memoryLimit, syncInterval }) => ({
        role,
        command: [
            "store",
            ...storageFlags(objectStorage),
            `--data-dir=${workFolder}`,
            `--sync-block-duration=${formatDuration(syncInterval)}`,
            // Its own defaults are 250 MB and 2 GB, whatever the container may use.
            `--index-cache-size=${Math.floor(memoryLimit / 4)}B`,
            `--chunk-pool-size=${Math.floor(memoryLimit / 4)}B`,
            "--disable-admin-operations",
        ],
        mounts: bucketMounts(objectStorage),
        hasWorkFolder: true,
    })),
});
