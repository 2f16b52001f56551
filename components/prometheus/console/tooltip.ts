import { color, element } from "./dom";

/** What is said at the pointer: one for the whole page. */
export interface Tooltip {
    readonly title: string;
    readonly rows: readonly { readonly name: string; readonly color: string; readonly text: string }[];
    /** The place that it is about, in the window. */
    readonly x: number;
    readonly y: number;
}

/** More than this many rows would not fit on a screen. */
const most = 16;

const box = element("div", { class: "tooltip", role: "status", hidden: true });

export function showTooltip({ title, rows, x, y }: Tooltip): void {
    if (!box.isConnected) {
        document.body.append(box);
    }
    const rest = rows.length - most;
    box.replaceChildren(
        element("strong", {}, title),
        ...rows.slice(0, most).map(({ name, color: own, text }) => {
            const swatch = element("span", { class: "swatch" });
            swatch.style.background = color(own);
            return element("div", {}, swatch, element("span", { class: "name" }, name), element("b", {}, text));
        }),
        ...(rest > 0 ? [element("div", { class: "note" }, `and ${rest} more`)] : []),
    );
    box.hidden = false;
    const { width, height } = box.getBoundingClientRect();
    const isLeft = x + 16 + width > document.documentElement.clientWidth;
    box.style.left = `${Math.max(4, isLeft ? x - 16 - width : x + 16)}px`;
    box.style.top = `${Math.max(4, Math.min(y - 20, innerHeight - height - 4))}px`;
}

export function hideTooltip(): void {
    box.hidden = true;
}
