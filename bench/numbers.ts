/** The value in the middle; of an even number of values, the mean of the two. */
export function median(values: readonly number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    const [low = Number.NaN, high = Number.NaN] = [
        sorted[Math.ceil(sorted.length / 2) - 1],
        sorted[Math.floor(sorted.length / 2)],
    ];
    return (low + high) / 2;
}

/**
 * How many scrapes are missing between those that there are. A scrape that is late by less than half an interval is none.
 * @param times when a target was scraped, ascending, in seconds, e.g. [1, 2, 5.1]: two are missing at an interval of 1
 * @param interval the scrape interval, in seconds
 */
export function missedScrapes(times: readonly number[], interval: number): number {
    const gaps = times.slice(1).map((time, i) => (time - (times[i] ?? time)) / interval);
    return gaps.filter((gap) => gap > 1.5).reduce((missed, gap) => missed + Math.round(gap) - 1, 0);
}
