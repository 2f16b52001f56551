import { singleParts as parts } from "../../../components/parts";
import { isOnAnyway } from "../ownJobs";
import { shapeOf } from "../words";
import { flagValue } from "./flags";
import type { Image, Service } from "./service";

/** Which part of the stack takes a service's place. */

export type Part = (typeof parts)[number];

/**
 * Told by the image, whoever's copy of it that is. One that a stack has only where it is told to stays where it is, and is asked there:
 * a cAdvisor, a blackbox_exporter, somebody's proxy that is a Caddy as the door is.
 */
export const partOf = ({ image }: Service): Part | undefined =>
    parts.find((part) => {
        const [ours, theirs] = [nameOf(part.image.standard), nameOf(image?.repository ?? "")];
        return (
            (isOnAnyway(part) || part.key === "alertmanager") &&
            part.image.builtFrom === undefined &&
            (theirs === ours || theirs === `${ours}-oss` || theirs === `${ours}-enterprise`)
        );
    });

/** The part that a service without an image may be. */
export const partCalled = (name: string): Part | undefined =>
    parts.find(({ image: own }) => own.builtFrom === undefined && nameOf(own.standard) === nameOf(name));

const nameOf = (reference: string) => (reference.split("/").at(-1) ?? "").replace(/[:@].*/, "").replaceAll("_", "-");

/** The version in a tag, e.g. [3, 13, 5]. */
const versionOf = (tag: string) =>
    (/^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(tag) ?? []).slice(1).map((each) => Number(each ?? 0));

/** Whether an image is newer than that of the stack: what it has written, an older one may not read. */
export function isNewer({ tag }: Image, standard: string): boolean {
    const [theirs, ours] = [versionOf(tag), versionOf(standard.split(":").at(-1) ?? "")];
    const place = theirs.findIndex((each, i) => each !== ours[i]);
    return place >= 0 && (theirs[place] ?? 0) > (ours[place] ?? 0);
}

/** The port that a program listens on in its container. */
export function portOf({ flags }: Service, part: Part): string {
    const [, told] = /:(\d+)$/.exec(flagValue(flags, "web.listen-address") ?? "") ?? [];
    const { port } = part.settings.parse(undefined) as { port?: number };
    return told ?? String(port ?? "");
}

export const hasKey = ({ settings }: Part, key: string) => Object.hasOwn(shapeOf(settings).keys ?? {}, key);
