/** "scrapeInterval" is "scrape_interval". */
export const snakeCaseWord = (word: string) => word.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The declaration's keys are Prometheus' own in camelCase, so this is all there is between them. */
export function snakeCase(record: object): Record<string, unknown> {
    const convert = (value: unknown): unknown =>
        Array.isArray(value)
            ? value.map(convert)
            : typeof value === "object" && value !== null
              ? snakeCase(value)
              : value;
    const entries = Object.entries(record).filter(([, value]) => value !== undefined);
    return Object.fromEntries(entries.map(([key, value]) => [snakeCaseWord(key), convert(value)]));
}

/** Without what is not there. */
export const defined = (record: object): Record<string, unknown> =>
    Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
