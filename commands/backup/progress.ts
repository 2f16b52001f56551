import { say } from "../../toolchain/progress";

/** How often progress is told, in milliseconds. */
const tick = 5000;

/** Tells every few seconds how many bytes went through, of how many, and how fast. */
export class Progress {
    private done = 0;
    private readonly started = Date.now();
    private readonly ticking = setInterval(() => say(`  ... ${this.amount()}`), tick);

    constructor(
        message: string,
        private readonly total: number,
    ) {
        say(`${message} (${formatBytes(total)}) ...`);
    }

    public readonly count = (bytes: number): void => {
        this.done += bytes;
    };

    /** Ends it. @returns nothing; says how much it was where it came to the end */
    public end(): void {
        clearInterval(this.ticking);
        say(`  ${this.amount()}`);
    }

    private amount(): string {
        const seconds = (Date.now() - this.started) / 1000;
        const share = this.total > 0 ? ` (${Math.floor((100 * this.done) / this.total)}%)` : "";
        return `${formatBytes(this.done)}${share} in ${Math.round(seconds)} s, ${formatBytes(this.done / Math.max(seconds, 0.1))}/s`;
    }
}

/** Bytes as people read them: 1234567 is "1.2 MB". */
export function formatBytes(bytes: number): string {
    const units = ["B", "kB", "MB", "GB", "TB"];
    const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
    return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
