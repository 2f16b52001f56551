import { listeningAt } from "../../config/schema/hosts";
import type { Lenient } from "../../config/schema/lenient";
import { formatDuration } from "../../config/schema/units";
import type { Allowed } from "../part";
import { definePart, everyPath } from "../part";
import { checkReceive } from "./check";
import { addressOf, grpcAddress, isDeclared, jobNameOf, ownJob, running, thanosImage } from "./component";
import { configuration, data, grpcPort, remoteWritePort, ringFile, ringPath, tenantsFolder } from "./container";
import { bucketMounts, storageFiles, storageFlags } from "./objectStorage";
import type { ReceiveSettings } from "./settings";
import { receiveSchema } from "./settings";
import { receiveProbe } from "./status";
import { memberFlags, serverFlags, tlsFiles } from "./tls";

const role = "thanos-receive";

/** The label of each member's samples, which tells its copies from those of the others: the name of the member's stack. */
const replicaLabel = "receive_replica";

/** What other machines may send; there is nothing else. Source: https://thanos.io/tip/components/receive.md/#example */
const allowed: Allowed = { closed: [everyPath], open: [], pushed: ["/api/v1/receive"] };

/**
 * Takes samples by remote write, hands each on to the members of the ring whose it is, and keeps those that are its own.
 * Source of the flags: https://thanos.io/tip/components/receive.md/
 */
export const receive = definePart({
    ...{ key: "thanos", path: ["thanos", "receive"], title: "Thanos Receive", role },
    settings: receiveSchema,
    jobName: jobNameOf(role),
    isWanted: isDeclared("receive"),
    listensAt: ({ port, bindAddress, address }: Lenient<ReceiveSettings>) => [
        { address: bindAddress, port, path: ["thanos", "receive", "port"] },
        ...(address === undefined ? [] : [{ ...listeningAt(address), path: ["thanos", "receive", "address"] }]),
    ],
    check: checkReceive,
    image: thanosImage,
    plan: ({ objectStorage, tls, ...ring }, { stack }) => ({
        publishes: {
            jobs: [ownJob(stack, role, "receive", ring)],
            stores: [
                { address: grpcAddress(stack, role), isSecure: tls !== undefined, replicaLabel },
                ...othersOf(ring).map((address) => ({ address, isSecure: tls !== undefined, isElsewhere: true })),
            ],
            sites: [{ path: "/receive", address: addressOf(stack, role, remoteWritePort), withoutLogin: allowed }],
        },
        files: () => ({ [ringFile]: renderRing(membersOf(ring, stack)) }),
        secretFiles: () => ({ ...storageFiles(objectStorage), ...tlsFiles(tls) }),
    }),
    configuration,
    data,
    probe: receiveProbe,
    resources: running(({ objectStorage, port, bindAddress, tls, retentionTime, ...ring }, { config: { stack } }) => ({
        role,
        command: [
            "receive",
            `--tsdb.path=${tenantsFolder}`,
            `--tsdb.retention=${formatDuration(retentionTime)}`,
            `--label=${replicaLabel}="${stack}"`,
            `--remote-write.address=0.0.0.0:${remoteWritePort}`,
            `--receive.local-endpoint=${ownAddress(ring, stack)}`,
            `--receive.hashrings-file=${ringPath}`,
            // What it watches is the file's inode, and a new one takes its place: it is found when the time is up.
            "--receive.hashrings-file-refresh-interval=5s",
            "--receive.hashrings-algorithm=ketama",
            `--receive.replication-factor=${replicationOf(ring)}`,
            ...serverFlags(tls),
            ...memberFlags(tls),
            ...storageFlags(objectStorage),
        ],
        mounts: bucketMounts(objectStorage),
        hasData: true,
        ports: [
            { internal: remoteWritePort, external: port, ip: bindAddress },
            ...(ring.address === undefined ? [] : [grpcPublished(ring.address)]),
        ],
    })),
});

type Ring = Pick<ReceiveSettings, "address" | "members" | "replicationFactor">;

/** One that is alone is found on the stack's own network. */
const ownAddress = ({ address }: Ring, stack: string) => address ?? grpcAddress(stack, role);

const membersOf = (ring: Ring, stack: string) => (ring.members.length > 0 ? ring.members : [ownAddress(ring, stack)]);

const othersOf = ({ address, members }: Ring) => members.filter((each) => each !== address);

/** Two of three, so that one may be away. Source: `writeQuorum` of https://github.com/thanos-io/thanos/blob/v0.42.4/pkg/receive/handler.go */
const usualReplication = 3;

const replicationOf = ({ replicationFactor, members }: Ring) =>
    replicationFactor ?? Math.min(usualReplication, Math.max(members.length, 1));

/** In an order of its own: the file is the same at every member, and so is `thanos_receive_config_hash`. */
const renderRing = (members: readonly string[]) => `${JSON.stringify([{ endpoints: [...members].sort() }])}\n`;

const grpcPublished = (hostPort: string) => {
    const { address, port } = listeningAt(hostPort);
    return { internal: grpcPort, external: port, ip: address };
};
