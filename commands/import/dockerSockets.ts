import type { Pair, YAMLMap } from "yaml";
import { usualSocket } from "../../config/check/engine";
import type { Note } from "./notes";
import { note } from "./notes";
import { keyOf, mapOf, mapsIn, taken, textOf } from "./source";

/**
 * Docker's socket never enters Prometheus' container: who asks it asks the stack's own proxy, which answers what a discovery asks and
 * nothing else. @returns what is said of the proxy
 */
export function throughProxy(job: YAMLMap, what: string, say: (said: Note) => void): Pair[] {
    const discoveries = job.items.filter((pair) => /^docker(swarm)?_sd_configs$/.test(keyOf(pair)));
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
    const other = sockets.find((socket) => socket !== usualSocket && socket !== "/run/docker.sock");
    return other === undefined ? [] : mapOf({ dockerProxy: mapOf({ dockerSocket: other }) }).items;
}
