import { isDiscovered } from "../schema/discovery";
import { isItself } from "../schema/scrapeJob";
import type { Shard } from "../schema/shard";
import { isInShard } from "../schema/shard";
import type { Job } from "./job";

/** The jobs with the targets of this stack's share; those that have some, and can have none in this share, are other stacks'. */
export function shareOf(shard: Shard, jobs: readonly Job[]): readonly Job[] {
    if (shard === undefined) {
        return jobs;
    }
    return jobs.flatMap((job) => {
        const groups = job.staticConfigs.map(({ targets, ...rest }) => ({
            ...rest,
            targets: targets.filter((target) => isItself(job, target) || isInShard(shard, target)),
        }));
        const staticConfigs = groups.filter(({ targets }) => targets.length > 0);
        if (isDiscovered(job)) {
            const relabelConfigs = [...ofShare(shard), ...(job.relabelConfigs ?? [])];
            return [{ ...job, staticConfigs, relabelConfigs }];
        }
        const isElsewhere = staticConfigs.length === 0 && job.staticConfigs.some(({ targets }) => targets.length > 0);
        return isElsewhere ? [] : [{ ...job, staticConfigs }];
    });
}

/** What is discovered nobody knows here: Prometheus drops what is not in the share. */
const ofShare = ({ of, index }: NonNullable<Shard>): NonNullable<Job["relabelConfigs"]> => [
    { sourceLabels: ["__address__"], modulus: of, targetLabel: "__tmp_metrics_stack_share", action: "hashmod" },
    { sourceLabels: ["__tmp_metrics_stack_share"], regex: String(index), action: "keep" },
];
