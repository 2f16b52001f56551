/** Says what is going on. All of it goes to stderr: stdout belongs to the commands' own output. */
export function say(message: string): void {
    process.stderr.write(`${message}\n`);
}

const tick = 15_000;

/** Does something that takes long: says so, ticks, and says how long it took. */
export async function step<Result>(message: string, work: () => Promise<Result>): Promise<Result> {
    const started = Date.now();
    const seconds = () => Math.round((Date.now() - started) / 1000);
    say(`${message} ...`);
    const ticking = setInterval(() => say(`  ... still at it after ${seconds()} s`), tick);
    try {
        const result = await work();
        say(`  done in ${seconds()} s`);
        return result;
    } catch (error) {
        say(`  failed after ${seconds()} s`);
        throw error;
    } finally {
        clearInterval(ticking);
    }
}

/** Says what is waited for where it takes more than two seconds. */
export async function told<Result>(message: string, work: Promise<Result>): Promise<Result> {
    const late = setTimeout(() => say(message), 2000);
    try {
        return await work;
    } finally {
        clearTimeout(late);
    }
}
