/** What discoveries without a host of their own ask Docker for. */

/**
 * The lists of Docker's API that a discovery reads, by its kind or by the role of that of a swarm.
 * Source: https://github.com/prometheus/prometheus/tree/v3.13.5/discovery/moby
 */
const lists = {
    docker: ["containers/json", "networks"],
    services: ["networks", "services"],
    tasks: ["networks", "nodes", "services", "tasks"],
    nodes: ["nodes"],
} as const;

type List = (typeof lists)[keyof typeof lists][number];

/** @param declared perhaps not checked yet @returns none where nobody asks */
export function askedLists({
    scrapeJobs,
    alerting,
    exporters,
    labelledContainers,
}: Readonly<Record<string, unknown>>): List[] {
    const owners = [
        ...itemsOf(scrapeJobs),
        ...itemsOf(fieldsOf(alerting).alertmanagers),
        ...itemsOf(exporters).map(({ scrapeJob }) => fieldsOf(scrapeJob)),
    ];
    const ownless = (key: string) => owners.flatMap((each) => itemsOf(each[key])).filter((each) => !("host" in each));
    const asking = [
        ...(String(fieldsOf(labelledContainers).enabled) === "true" ? [lists.docker] : []),
        ...ownless("dockerSdConfigs").map(() => lists.docker),
        ...ownless("dockerswarmSdConfigs").flatMap(({ role }) =>
            role === "services" || role === "tasks" || role === "nodes" ? [lists[role]] : [],
        ),
    ];
    return [...new Set<List>(asking.flat())].sort();
}

const fieldsOf = (value: unknown) =>
    (typeof value === "object" && value !== null ? value : {}) as Readonly<Record<string, unknown>>;

const itemsOf = (value: unknown) => (Array.isArray(value) ? value.map(fieldsOf) : []);
