import { certificateMistakes } from "../../config/check/sharedCertificate";
import type { LenientDeclaration } from "../../config/schema/part";
import type { Problem } from "../../config/schema/problems";
import { show } from "../../config/schema/problems";
import { formatDuration } from "../../config/schema/units";
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
        ...(retentionTime !== undefined && retentionTime < leastRetention
            ? [
                  {
                      path: ["prometheus", "retentionTime"],
                      message: `${show(formatDuration(retentionTime))} may be over before a block is in thanos.objectStorage; write "6h" or more`,
                  },
              ]
            : []),
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

/** Nobody else is before it. */
export function needsQuery(declared: LenientDeclaration): Problem[] {
    const { query, queryFrontend } = declaredIn(declared);
    const message = "is missing, which thanos.queryFrontend stands before; write {} for one with every default";
    return queryFrontend !== undefined && query === undefined ? [{ path: ["thanos", "query"], message }] : [];
}
