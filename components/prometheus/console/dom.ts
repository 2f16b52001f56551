type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => void) | undefined>>;

/**
 * Makes an element. Texts become text nodes, whatever is in them: nothing that Prometheus says is ever read as HTML.
 * @param attributes a function is called on the event of its name; `true` is an attribute without a value
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
    tag: Tag,
    attributes: Attributes = {},
    ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === "function") {
            made.addEventListener(name, value);
        } else if (value !== undefined && value !== false) {
            made.setAttribute(name, value === true ? "" : value);
        }
    }
    made.append(...children);
    return made;
}

/** A link to another place, where its address is one that a click may open: no `javascript:`. */
export function link(text: string, address: string, attributes: Attributes = {}): Node {
    return /^(https?:\/\/|[\w.-]+\.html(\?|$))/.test(address)
        ? element("a", { href: address, ...attributes }, text)
        : document.createTextNode(text);
}

/** For an address of another site, which need not know where somebody came from. */
export const elsewhere = { target: "_blank", rel: "noopener noreferrer" };

/** The colour that the style has for one of Grafana's names, for what is drawn without it. */
export const color = (name: string) =>
    getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim() || name;
