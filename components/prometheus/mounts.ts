import type { z } from "zod";
import type { Lenient } from "../../config/schema/lenient";
import type { LenientDeclaration } from "../../config/schema/part";
import type { Problem } from "../../config/schema/problems";
import { show } from "../../config/schema/problems";
import { listOf, object, text } from "../../config/schema/values";

/**
 * What Prometheus sees of somebody else, and cannot write to: lists of targets, for instance.
 * Source: https://docs.docker.com/engine/storage/bind-mounts/, https://docs.docker.com/engine/storage/volumes/
 */
const mount = object({
    source: text(
        /^(\/[^\p{Cc}]*|[a-zA-Z0-9][\w.-]+)$/u,
        "a Docker volume or a folder of the Docker host",
        'a name from `docker volume ls`, such as "lists", or an absolute path, such as "/srv/lists"',
    ).describe("A volume of somebody else by its name, or a folder of the Docker host by its absolute path."),
    target: text(
        /^(?!\/(?:bin|dev|etc|prometheus|proc|sys)(?:\/|$))(\/[\w.-]+)+$/,
        "a folder in Prometheus' container that is free",
        'one, such as "/lists"',
    ).describe("Where it is in Prometheus' container."),
});

export const mounts = listOf(mount, 'a list, such as [{source: "lists", target: "/lists"}]')
    .default([])
    .describe("What Prometheus sees of somebody else and cannot change, such as lists of targets.");

const isBelow = (file: string, folder: string) => file.startsWith(`${folder}/`);

/** Two places in one, and lists in a place that nobody mounts: no file is there, and Prometheus says nothing. */
export function mountMistakes(declared: LenientDeclaration): Problem[] {
    const { mounts: all = [] } = (declared.prometheus ?? {}) as { mounts?: Lenient<z.output<typeof mounts>> };
    const targets = all.map((each) => each?.target);
    const twice = targets.flatMap((target, i) =>
        target === undefined || targets.indexOf(target) === i
            ? []
            : [
                  {
                      path: ["prometheus", "mounts", i, "target"],
                      message: `${show(target)} is the target of another one; write another folder`,
                  },
              ],
    );
    const isMounted = (file: string) => targets.some((target) => target !== undefined && isBelow(file, target));
    return [
        ...twice,
        ...listFiles(declared).flatMap(({ path, file }) =>
            isMounted(file)
                ? []
                : [
                      {
                          path,
                          message: `${show(file)} is in no folder that Prometheus sees; write where it comes from in prometheus.mounts, such as [{source: "lists", target: ${show(/^\/[^/]*/.exec(file)?.[0])}}]`,
                      },
                  ],
        ),
    ];
}

/** Every file with a list, by its place in the declaration. */
function listFiles({ scrapeJobs = [], alerting }: LenientDeclaration) {
    const places = [
        ...scrapeJobs.map((job, i) => ({ path: ["scrapeJobs", i], lists: job?.fileSdConfigs })),
        ...(alerting?.alertmanagers ?? []).map((group, i) => ({
            path: ["alerting", "alertmanagers", i],
            lists: group?.fileSdConfigs,
        })),
    ];
    return places.flatMap(({ path, lists = [] }) =>
        lists.flatMap((list, l) =>
            (list?.files ?? []).flatMap((file, f) =>
                file === undefined ? [] : [{ path: [...path, "fileSdConfigs", l, "files", f], file }],
            ),
        ),
    );
}
