/** Compares by a text: `list.sort(by(({ name }) => name))`. */
export const by =
    <Item>(key: (item: Item) => string) =>
    (a: Item, b: Item) =>
        key(a) < key(b) ? -1 : Number(key(a) > key(b));
