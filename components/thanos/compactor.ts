import { formatDuration } from "../../config/schema/units";
import { definePart } from "../part";
import { needsBucket } from "./check";
import { isDeclared, jobNameOf, ownJob, running, thanosImage } from "./component";
import { configuration, workFolder } from "./container";
import { bucketMounts, storageFiles, storageFlags } from "./objectStorage";
import { compactorSchema } from "./settings";

const role = "thanos-compactor";

/**
 * Compacts the blocks in the bucket, makes coarser samples, and removes what is too old. There may be one for each bucket.
 * Source of the flags: https://thanos.io/tip/components/compact.md/
 */
export const compactor = definePart({
    ...{ key: "thanos", path: ["thanos", "compactor"], title: "Thanos Compactor", role },
    settings: compactorSchema,
    jobName: jobNameOf(role),
    isWanted: isDeclared("compactor"),
    check: needsBucket("compactor"),
    image: thanosImage,
    plan: ({ objectStorage, ...common }, { stack }) => ({
        publishes: { jobs: [ownJob(stack, role, "compactor", common)] },
        files: () => ({}),
        secretFiles: () => storageFiles(objectStorage),
    }),
    configuration,
    resources: running(({ objectStorage, retention }) => ({
        role,
        command: [
            "compact",
            "--wait",
            ...storageFlags(objectStorage),
            `--data-dir=${workFolder}`,
            ...Object.entries(retention).flatMap(([resolution, kept]) =>
                kept === undefined ? [] : [`--retention.resolution-${resolution}=${formatDuration(kept)}`],
            ),
            "--disable-admin-operations",
        ],
        mounts: bucketMounts(objectStorage),
        hasWorkFolder: true,
    })),
});
