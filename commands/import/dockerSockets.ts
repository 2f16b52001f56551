import type { Pair, YAMLMap } from "yaml";
import type { Note } from "./notes";
import { note } from "./notes";
import { keyOf, mapOf, mapsIn, taken, textOf } from "./source";
import type { Schema } from "./words";
import { shapeOf } from "./words";

const usual = "/var/run/docker.sock";

/**
 * Docker's socket never enters Prometheus' container: who asks it asks the stack's own proxy, which answers what a discovery asks and
 * nothing else. @returns what is said of the proxy
 */
export function throughProxy(job: YAMLMap, what: string, stack: Schema, say: (said: Note) => void): Pair[] {
    const hasProxy = Object.hasOwn(shapeOf(stack).keys ?? {}, "dockerProxy");
    const discoveries = job.items.filter((pair) => hasProxy && /^docker(swarm)?_sd_configs$/.test(keyOf(pair)));
    const sockets = discoveries
        .flatMap(({ value }) => mapsIn(value))
        .flatMap((discovery) => {
            const host = discovery.get("host", true);
            const [, socket] = /^unix:\/\/(.+)$/.exec(textOf(host) ?? "") ?? [];
            if (socket !== undefined) {
                const words = `${textOf(host)} is asked through the stack's own proxy, which answers discoveries alone`;
                say(note("changed", host, what, words, [what]));
                taken(discovery, "host");
            }
            return socket ?? [];
        });
    const other = sockets.find((socket) => socket !== usual);
    return other === undefined ? [] : mapOf({ dockerProxy: mapOf({ socket: other }) }).items;
}
