/** Does something with each of a list, so many at a time. @returns the results in the order of the list */
export async function atATime<Item, Result>(
    most: number,
    items: readonly Item[],
    work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
    const results: Result[] = [];
    const left = [...items.entries()];
    const worker = async () => {
        for (let next = left.shift(); next !== undefined; next = left.shift()) {
            const [place, item] = next;
            results[place] = await work(item);
        }
    };
    await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
    return results;
}
