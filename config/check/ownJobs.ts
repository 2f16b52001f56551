import type { DeclaredPart, LenientDeclaration } from "../schema/part";
import { commonKeys, isListed } from "../schema/part";
import type { Problem } from "../schema/problems";
import { jobLabelPlaces } from "../schema/jobLabel";
import { at, show } from "../schema/problems";
import { tooLong } from "./jobs";
import { hiddenLabels, labelsRead } from "./labels";
import type { DeclaredJob } from "./targets";

/**
 * What is wrong with what is said of the jobs that the parts publish.
 * @param parts those that are on
 */
export function ownJobMistakes(declared: LenientDeclaration, parts: readonly DeclaredPart[]): Problem[] {
    return parts.flatMap((part) => {
        if (isListed(part)) {
            return []; // It has all that a declared job has: see allJobs.
        }
        const { scrapeJob = {}, host, container, application } = commonKeys(declared, part);
        const { labels = {}, scrapeTimeout, scrapeInterval } = scrapeJob;
        const job = {
            ...{ jobName: part.jobName, host, container, application },
            staticConfigs: [{ targets: ["its:1"], labels }],
        } as DeclaredJob;
        const interval = "scrapeInterval" in scrapeJob ? scrapeInterval : declared.scrapeInterval;
        return [
            ...tooLong(["scrapeTimeout"], scrapeTimeout, interval),
            ...[...jobLabels(job), ...hiddenLabels(job, labelsRead(declared, job))].map(inItsOwn),
        ].map((each) => at([part.key, "scrapeJob"], each));
    });
}

/** The name of a part's job is that by which everything finds it. */
const jobLabels = (job: DeclaredJob): Problem[] =>
    jobLabelPlaces(job).map(({ path, value }) => ({
        path,
        message: `${show(value)} takes it away from the alerts and graphs of its job; write another label`,
    }));

/** It has one group of targets, whose labels are the job's. */
const inItsOwn = ({ path: [, , ...path], message }: Problem): Problem => ({ path, message });
