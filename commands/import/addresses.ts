import type { Node } from "yaml";
import { isScalar, visit } from "yaml";
import { isOwnHost } from "../../config/schema/hosts";
import { dockerHost } from "./targets";
import type { Note } from "./notes";
import { note } from "./notes";
import { keyOf, textOf } from "./source";

/** Addresses and files in what is moved that mean something else inside of a container. @param differs see Note */
export function asInContainer(
    root: unknown,
    what: string,
    differs: readonly string[],
    say: (said: Note) => void,
): void {
    visit(root as Node, {
        Pair(_, pair) {
            const [key, value] = [keyOf(pair), textOf(pair.value)];
            const after =
                value === undefined ? undefined : key.endsWith("_log_file") ? besideSamples(value) : throughHost(value);
            if (after !== undefined && after !== value && isScalar(pair.value)) {
                const words = key.endsWith("_log_file")
                    ? `${value} is ${after} now: Prometheus' container can write nowhere else`
                    : `${value} is Prometheus' container to itself: ${after}, a service of the Docker host, is written; where it is a container, write its name`;
                say(
                    note(
                        key.endsWith("_log_file") ? "changed" : "decide",
                        pair.value,
                        `${what}: ${key}`,
                        words,
                        differs,
                    ),
                );
                pair.value.value = after;
            }
        },
    });
}

/** A log file stands beside the samples. */
function besideSamples(file: string): string {
    const name = file.replace(/.*\//, "").replace(/(\.log)?$/, ".log");
    return /^\/prometheus\/[\w-][\w.-]*\.log$/.test(file) ? file : `/prometheus/${name}`;
}

/** The URL of a service on this machine, as a container reaches it. @returns undefined for any other text */
function throughHost(text: string): string | undefined {
    const [, scheme, host = "", rest] =
        /^([a-z]+:\/\/)(\[[0-9a-f:.]+\]|[\w.-]+)((?::\d+)?(?:\/.*)?)$/i.exec(text) ?? [];
    return scheme !== undefined && isOwnHost(host) ? `${scheme}${dockerHost}${rest}` : undefined;
}
