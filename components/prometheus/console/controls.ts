import type { Variable } from "../../../config/render/dashboards/dashboard";
import { element } from "./dom";
import type { View } from "./view";
import { ranges, refreshes } from "./view";

export type Change = (view: Partial<View>) => void;

/** A list of times to choose from; what was chosen by dragging is one of them. */
export function rangeChoice({ from, to }: View, change: Change): HTMLElement {
    const own = to === "now" ? (/^now-(.+)$/.exec(from)?.[1] ?? "") : "";
    const options = Object.entries(ranges).map(([range, title]) => option(range, title, range === own));
    if (!(own in ranges)) {
        options.unshift(option("", own === "" ? `${moment(from)} – ${moment(to)}` : `Last ${own}`, true));
    }
    return choice("Time range", options, (range) => change({ from: `now-${range}`, to: "now" }));
}

const moment = (text: string) =>
    /^\d+$/.test(text)
        ? new Date(Number(text)).toLocaleString(undefined, {
              ...{ month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
          })
        : text;

export function refreshChoice({ refresh }: View, change: Change): HTMLElement {
    const options = Object.entries(refreshes).map(([every, title]) => option(every, title, every === refresh));
    return choice("Refresh", options, (every) => change({ refresh: every }));
}

const option = (value: string, title: string, selected: boolean) => element("option", { value, selected }, title);

function choice(label: string, options: readonly HTMLElement[], change: (value: string) => void): HTMLElement {
    const select = element("select", { "aria-label": label }, ...options);
    select.addEventListener("change", () => change(select.value));
    return select;
}

/** With more values than this a field to search in them helps. */
const many = 10;
/** So many are listed; the others are found by searching. */
const listed = 200;

/** The values of a variable, of which several may be chosen. */
export class VariableChoice {
    public readonly root: HTMLElement;
    private readonly summary = element("summary");
    private readonly list = element("div", { class: "values" });
    private readonly filter = element("input", { type: "search", placeholder: "Search", "aria-label": "Search" });
    private values: readonly string[] = [];

    constructor(
        private readonly variable: Variable,
        private chosen: readonly string[],
        private readonly change: (values: readonly string[]) => void,
    ) {
        const menu = element("div", { class: "menu" }, this.filter, this.list);
        this.root = element("details", { class: "variable" }, this.summary, menu);
        this.filter.addEventListener("input", () => this.drawList());
        this.root.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
        document.addEventListener("click", (event) => !this.root.contains(event.target as Node) && this.close(false));
        this.offer([]);
    }

    public offer(values: readonly string[]): void {
        this.values = [...new Set([...values, ...this.chosen])].sort((a, b) =>
            a.localeCompare(b, undefined, { numeric: true }),
        );
        this.filter.hidden = this.values.length <= many;
        this.draw();
    }

    private close(focus = true): void {
        if (this.root.hasAttribute("open")) {
            this.root.removeAttribute("open");
            if (focus) {
                this.summary.focus();
            }
        }
    }

    private draw(): void {
        const text =
            this.chosen.length === 0
                ? "All"
                : this.chosen.length > 2
                  ? `${this.chosen.length} chosen`
                  : this.chosen.join(", ");
        this.summary.replaceChildren(element("span", {}, `${this.variable.title} `), element("b", {}, text));
        // A long name ends in an ellipsis.
        this.summary.title = text;
        this.drawList();
    }

    private drawList(): void {
        const wanted = this.filter.value.toLowerCase();
        const found = this.values.filter((value) => value.toLowerCase().includes(wanted));
        const rest = found.length - listed;
        this.list.replaceChildren(
            this.entry("All", this.chosen.length === 0, () => []),
            ...found.slice(0, listed).map((value) => {
                const isChosen = this.chosen.includes(value);
                return this.entry(value, isChosen, () =>
                    isChosen ? this.chosen.filter((each) => each !== value) : [...this.chosen, value],
                );
            }),
            ...(rest > 0 ? [element("p", { class: "note" }, `and ${rest} more: search for them`)] : []),
        );
    }

    private entry(text: string, checked: boolean, next: () => readonly string[]): HTMLElement {
        const box = element("input", { type: "checkbox", checked });
        box.addEventListener("change", () => {
            const index = [...this.list.querySelectorAll("input")].indexOf(box);
            this.chosen = next();
            this.draw();
            this.list.querySelectorAll("input")[index]?.focus();
            this.change(this.chosen);
        });
        return element("label", {}, box, element("span", {}, text));
    }
}
