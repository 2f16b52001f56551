/** A step that was declared, for a hook that needs it; it goes once. */
type Done = (this: Mocha.Context) => Promise<void>;
/** Declares a test that builds on those before it. */
export type Step = (title: string, work: (this: Mocha.Context) => Promise<void> | void) => Done;

/**
 * For a suite whose tests build on one another: each has those before it go first where they have not, so that one can be run
 * alone. In a whole run, none goes twice, as long as no step stands behind a nested suite: mocha runs those last. Tests that build
 * on no other are for mocha's `it`.
 */
export function steps(): Step {
    const all: Done[] = [];
    return (title, work) => {
        const before = [...all];
        let going: Promise<void> | undefined;
        const done: Done = function () {
            this.timeout(this.timeout()); // Each has the time that the suite gives to one.
            if (!going && this.test?.title !== title) {
                console.log(`      first: ${title}`);
            }
            return (going ??= (async () => work.call(this))());
        };
        all.push(done);
        it(title, async function () {
            for (const step of [...before, done]) {
                await step.call(this);
            }
        });
        return done;
    };
}

/** Skips the rest of a suite once a test of it failed. Mocha's own bail would end every file that runs at the same time too. */
export function stopAtFailure(suite: Mocha.Suite): void {
    let failed = false;
    suite.afterEach(function () {
        failed ||= this.currentTest?.state === "failed";
    });
    suite.beforeEach(function () {
        if (failed) {
            this.skip();
        }
    });
}
