import type { CommonKeys, LenientDeclaration } from "../config/schema/part";
import type { Problem } from "../config/schema/problems";
import { text } from "../config/schema/values";

/** Under which name a part shows the Docker host, where it is what its metrics are about. */

/** @param whose metrics they are, e.g. "host" */
export const hostInstance = (whose: "host" | "containers") =>
    text(/\S/, "a name", 'the host\'s name, such as "web-1"')
        .optional()
        .meta({
            description: `The \`instance\` label of the ${whose === "host" ? "host's" : "containers'"} metrics.`,
            derived: "the Docker host's name",
        });

/** Such a label of its job is refused: it has a key of its own. @param key the part's, e.g. "nodeExporter" */
export function misplacedInstance(declared: LenientDeclaration, key: string): Problem[] {
    const { scrapeJob } = (declared[key] ?? {}) as CommonKeys;
    const message = `stands in the wrong place; write it as instance of ${key}`;
    return scrapeJob?.labels?.instance === undefined
        ? []
        : [{ path: [key, "scrapeJob", "labels", "instance"], message }];
}
