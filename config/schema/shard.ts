import { createHash } from "node:crypto";
import { z } from "zod";
import { expected } from "./problems";
import { object } from "./values";

const most = 1000;
const aCount = expected("a number of shares", `a whole number from 1 to ${most}`);
const anIndex = expected("the number of a share", "a whole number, 0 for the first share");

/** The share of all targets that a stack has. */
export const shardSchema = object({
    of: z
        .int({ error: aCount })
        .min(1, { error: aCount })
        .max(most, { error: aCount })
        .describe("Among how many stacks the targets are shared."),
    index: z.int({ error: anIndex }).min(0, { error: anIndex }).describe("Which share this stack has, from `0`."),
})
    .superRefine(({ of, index }, context) => {
        if (index >= of) {
            const message = `${index} is not below ${of}; write a number from 0 to ${of - 1}`;
            context.addIssue({ code: "custom", path: ["index"], message });
        }
    })
    .optional()
    .describe("The share of all declared targets that this stack scrapes: docs/fleets.md.");

export type Shard = z.output<typeof shardSchema>;

/**
 * Relabeling's hashmod: the last 8 bytes of the MD5 sum, divided.
 * Source: https://github.com/prometheus/prometheus/blob/v3.13.5/model/relabel/relabel.go (`sum64`)
 */
export const hashmod = (text: string, modulus: number) =>
    createHash("md5").update(text).digest().readBigUInt64BE(8) % BigInt(modulus);

/**
 * Whether a target is of this stack: as the rules `hashmod` of `__address__` and `keep` in front of all others would have it.
 * @param address as it was declared
 */
export const isInShard = (shard: Shard, address: string) =>
    shard === undefined || hashmod(address, shard.of) === BigInt(shard.index);
