import type { Scalar } from "yaml";
import { isMap, isScalar, isSeq } from "yaml";
import { hostAlias } from "../../../config/check/engine";
import { isOwnHost } from "../../../config/schema/hosts";
import type { Note } from "../notes";
import { note } from "../notes";
import { keyOf, textOf } from "../source";

/** Addresses as the stack's Alertmanager reaches them: it is in a container of its own, on a network of its own. */

const address = /^(https?:\/\/)?(\[[0-9a-f:.]+\]|[\w.-]+)(:\d+)?(\/[^]*)?$/i;

/**
 * Writes the Docker host in place of the container itself, and tells of names that only another network knows.
 * @param places what the comparison calls where the node holds, e.g. `receiver "team": email[0]`
 */
export function readdress(node: unknown, places: readonly string[], say: (said: Note) => void): void {
    if (isSeq(node)) {
        node.items.forEach((item, i) => readdress(item, inside(places, `[${i}]`), say));
    }
    for (const pair of isMap(node) ? node.items : []) {
        const here = inside(places, `.${keyOf(pair)}`);
        const what = here.length === 1 ? String(here[0]) : keyOf(pair);
        if (isScalar(pair.value)) {
            const words = readdressed(pair.value);
            if (words !== undefined) {
                say(note("decide", pair.value, what, words, here));
            }
        } else {
            readdress(pair.value, here, say);
        }
    }
}

/** The places of what stands within. */
export const inside = (places: readonly string[], step: string) => places.map((place) => place + step);

/** @returns what is to be said of an address; nothing of what is none, or is reached as it is */
function readdressed(node: Scalar): string | undefined {
    const [, scheme = "", host = "", port = "", rest = ""] = address.exec(textOf(node) ?? "") ?? [];
    if (!scheme && !port) {
        return undefined;
    }
    if (isOwnHost(host)) {
        node.value = `${scheme}${hostAlias}${port}${rest}`;
        return `${host}${port} is Alertmanager's container to itself; for a service of the Docker host it is ${hostAlias}${port}, and for a container that publishes its port too`;
    }
    const isName = /^[a-z][\w-]*$/i.test(host);
    return isName
        ? `${host}${port} is a container's name, which the stack's Alertmanager does not know: publish its port, and write ${hostAlias} with that`
        : undefined;
}
