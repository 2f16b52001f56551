import { listedTwice } from "../../config/check/network";
import { certificateMistakes } from "../../config/check/sharedCertificate";
import type { Lenient } from "../../config/schema/lenient";
import type { LenientDeclaration } from "../../config/schema/part";
import type { Problem } from "../../config/schema/problems";
import { at, show } from "../../config/schema/problems";
import { formatDuration } from "../../config/schema/units";
import type { ReceiveSettings, ThanosSettings } from "./settings";
import type { Tls } from "./tls";
import { tlsName } from "./tls";

/** What is declared of it, as far as it could be read. */
const declaredIn = ({ thanos }: LenientDeclaration) => (thanos ?? {}) as Readonly<Record<string, unknown>>;

/** A block is two hours long, and is shipped some time after that. Source: https://thanos.io/tip/components/sidecar.md/ */
const leastRetention = 6 * 3_600_000;

const blockFlag = /^--storage\.tsdb\.(?:min|max)-block-duration=/;

/** What Prometheus may not have beside a sidecar that ships its blocks, and what nobody would use. */
export function checkSidecar(declared: LenientDeclaration): Problem[] {
    const { objectStorage, tls } = declaredIn(declared) as { readonly objectStorage?: object; readonly tls?: Tls };
    return [
        ...certificateMistakes(["thanos", "tls"], tlsName, tls ?? {}),
        ...(objectStorage === undefined ? [] : bucketMistakes(declared)),
    ];
}

function bucketMistakes(declared: LenientDeclaration): Problem[] {
    const { retentionTime, extraFlags = [] } = (declared.prometheus ?? {}) as {
        readonly retentionTime?: number;
        readonly extraFlags?: readonly (string | undefined)[];
    };
    return [
        ...tooShort(["prometheus"], retentionTime),
        ...extraFlags.flatMap((flag = "", i) =>
            blockFlag.test(flag)
                ? [
                      {
                          path: ["prometheus", "extraFlags", i],
                          message: `${show(flag)} is not for a Prometheus whose blocks are shipped: thanos.objectStorage sets it; leave it out`,
                      },
                  ]
                : [],
        ),
    ];
}

/** @param of whose retention it is */
export function tooShort(of: Problem["path"], retentionTime: number | undefined): Problem[] {
    const message = `${show(formatDuration(retentionTime ?? 0))} may be over before a block is in thanos.objectStorage; write "6h" or more`;
    return retentionTime !== undefined && retentionTime < leastRetention
        ? [{ path: [...of, "retentionTime"], message }]
        : [];
}

/** @param key that of a component, e.g. "store" */
export const needsBucket =
    (key: string) =>
    (declared: LenientDeclaration): Problem[] => {
        const thanos = declaredIn(declared);
        return thanos[key] !== undefined && !("objectStorage" in thanos)
            ? [
                  {
                      path: ["thanos", "objectStorage"],
                      message: `is missing, which thanos.${key} works on; write the bucket, such as {type: "S3", config: {bucket: "metrics", endpoint: "s3.eu-central-1.amazonaws.com"}}`,
                  },
              ]
            : [];
    };

/** @param key that of a component, e.g. "ruler" @param what what it does with Query, e.g. "asks" */
export const needsQuery =
    (key: string, what: string) =>
    (declared: LenientDeclaration): Problem[] => {
        const thanos = declaredIn(declared);
        const message = `is missing, which thanos.${key} ${what}; write {} for one with every default`;
        return thanos[key] !== undefined && !("query" in thanos) ? [{ path: ["thanos", "query"], message }] : [];
    };

/** What of a ring cannot be, as far as one of its members knows. */
export function checkReceive(declared: LenientDeclaration): Problem[] {
    const { receive, objectStorage } = declaredIn(declared) as Lenient<ThanosSettings>;
    return receive === undefined
        ? []
        : [
              ...[
                  ...listedTwice(receive.members ?? [], ["members"]),
                  ...wrongAddress(receive),
                  ...wrongFactor(receive),
              ].map((each) => at(["thanos", "receive"], each)),
              ...(objectStorage === undefined ? [] : tooShort(["thanos", "receive"], receive.retentionTime)),
          ];
}

type Receive = Lenient<ReceiveSettings>;

/** A key that was refused is there all the same; an entry that was may be the one that is looked for. */
function wrongAddress(receive: Receive): Problem[] {
    const { address, members = [] } = receive;
    const path = ["address"];
    if (members.length === 0 || members.includes(address)) {
        return [];
    }
    if (!("address" in receive)) {
        return [{ path, message: `is missing; write which of the members this stack is, such as ${show(members[0])}` }];
    }
    const message = `${show(address)} is none of the members; write it there too, as it stands here, in the stacks of all of them`;
    return address === undefined || members.includes(undefined) ? [] : [{ path, message }];
}

function wrongFactor({ members = [], replicationFactor: factor = 0 }: Receive): Problem[] {
    const most = Math.max(members.length, 1);
    const message = `${factor} is more than the ring has members; write ${most} or less, or more members`;
    return factor > most ? [{ path: ["replicationFactor"], message }] : [];
}
