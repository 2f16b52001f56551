import type { Node } from "yaml";
import { isScalar, visit } from "yaml";
import { hostAlias } from "../../config/check/engine";
import { isOwnHost } from "../../config/schema/hosts";
import type { Note } from "./notes";
import { note } from "./notes";
import { keyOf, textOf } from "./source";

/** What a text has to be inside of a container. */
interface Inside {
    readonly kind: Note["kind"];
    readonly after: string;
    readonly words: string;
}

/** Addresses and files in what is moved that mean something else inside of a container. @param differs see Note */
export function asInContainer(
    root: unknown,
    what: string,
    differs: readonly string[],
    say: (said: Note) => void,
): void {
    visit(root as Node, {
        Pair(_, pair) {
            const [key, text] = [keyOf(pair), textOf(pair.value)];
            const inside =
                text === undefined ? undefined : key.endsWith("_log_file") ? besideSamples(text) : throughHost(text);
            if (inside && isScalar(pair.value)) {
                say(note(inside.kind, pair.value, `${what}: ${key}`, inside.words, differs));
                pair.value.value = inside.after;
            }
        },
    });
}

/** A log file stands beside the samples. @returns undefined for one that does already */
function besideSamples(file: string): Inside | undefined {
    if (/^\/prometheus\/[\w-][\w.-]*\.log$/.test(file)) {
        return undefined;
    }
    const after = `/prometheus/${file.replace(/.*\//, "").replace(/(\.log)?$/, ".log")}`;
    const words = `${file} is ${after} now: Prometheus' container can write nowhere else`;
    return { kind: "changed", after, words };
}

/** The URL, or host:port, of a service on this machine, as a container reaches it. @returns undefined for any other text */
function throughHost(text: string): Inside | undefined {
    const [, scheme, host = "", rest] =
        /^([a-z]+:\/\/|(?=[^/]*:\d+$))(\[[0-9a-f:.]+\]|[\w.-]+)((?::\d+)?(?:\/.*)?)$/i.exec(text) ?? [];
    if (scheme === undefined || !isOwnHost(host)) {
        return undefined;
    }
    const after = `${scheme}${hostAlias}${rest}`;
    const words = `${text} is Prometheus' container to itself: ${after}, a service of the Docker host, is written; where it is a container, write its name`;
    return { kind: "decide", after, words };
}
