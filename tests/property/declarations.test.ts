import assert from "node:assert/strict";
import fc from "fast-check";
import { scrapeJobSchema } from "../../config/schema/scrapeJob";
import { declaration } from "./declarations";
import { assertRight } from "./right";
import { few } from "./runs";

describe(`${few.numRuns} declarations that are right`, function () {
    this.timeout(180_000);

    it("are accepted, rendered as declared, the same in every order, and without a secret", () => {
        let count = 0;
        fc.assert(
            fc.property(declaration, (raw) => {
                assertRight(raw);
                count++;
            }),
            few,
        );
        assert.equal(count, few.numRuns);
    });

    it("use every key that a job has", () => {
        const sample = fc.sample(declaration, { ...few, numRuns: 200 });
        const used = new Set(sample.flatMap(({ scrapeJobs }) => scrapeJobs.flatMap(Object.keys)));
        assert.deepEqual([...used].sort(), Object.keys(scrapeJobSchema.shape).sort());
    });
});
