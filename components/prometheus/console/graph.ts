import type uPlot from "uplot";
import type { Graph } from "../../../config/render/dashboards/panels";
import type { Look } from "./asking";
import { color, element } from "./dom";
import type { Line, Lines } from "./lines";
import { askLines, lowestMatter, shown } from "./lines";
import { clock, plot } from "./plot";
import { hideTooltip, showTooltip } from "./tooltip";
import { format } from "./units";

export type Choose = (start: number, end: number) => void;

/** Series over time, with their legend: a click on a name hides its line. */
export class GraphBody {
    public readonly root: HTMLElement;
    private readonly place = element("div", { class: "plot", tabindex: "0", role: "img" });
    private readonly legend = element("ul", { class: "legend" });
    private readonly note = element("p", { class: "note" });
    private readonly hidden = new Set<string>();
    private drawn: uPlot | undefined;
    private found: Lines = { moments: [], lines: [], cut: false };

    constructor(
        private readonly panel: Graph,
        private readonly choose: Choose,
    ) {
        this.root = element("div", { class: "graph" }, this.place, this.legend, this.note);
        this.place.setAttribute("aria-label", `${panel.title}: arrow keys read the values`);
        this.place.addEventListener("keydown", (event) => this.walk(event));
        this.place.addEventListener("blur", hideTooltip);
        this.place.addEventListener("mouseleave", hideTooltip);
        new ResizeObserver(() => this.fit()).observe(this.place);
    }

    /** @returns whether there is something to show */
    public async ask(look: Look): Promise<boolean> {
        this.found = await askLines(look, this.panel, this.found.cut);
        return this.found.lines.length > 0;
    }

    public draw(): void {
        const { moments, lines, cut } = this.found;
        this.drawn?.destroy();
        const visible = lines.filter(({ name }) => !this.hidden.has(name));
        const point = (drawn: uPlot, index: number | null) => this.point(drawn, index, visible);
        this.drawn = plot(this.place, { panel: this.panel, moments, lines: visible, cut, choose: this.choose, point });
        this.legend.replaceChildren(...lines.map((line) => this.entry(line)));
        this.note.textContent = cut
            ? `Shown are ${shown} lines of more: those with the ${lowestMatter(this.panel) ? "lowest" : "highest"} values.`
            : "";
    }

    private entry(line: Line): HTMLElement {
        const swatch = element("span", { class: "swatch" });
        swatch.style.background = color(line.color);
        const toggle = () => {
            if (!this.hidden.delete(line.name)) {
                this.hidden.add(line.name);
            }
            this.draw();
            this.legend.querySelectorAll("button")[this.found.lines.indexOf(line)]?.focus();
        };
        const isShown = String(!this.hidden.has(line.name));
        const button = element("button", { type: "button", "aria-pressed": isShown, click: toggle }, swatch, line.name);
        button.title = line.name;
        return element("li", {}, button);
    }

    private fit(): void {
        const width = this.place.clientWidth;
        if (this.drawn && width > 0 && width !== this.drawn.width) {
            this.drawn.setSize({ width, height: this.drawn.height });
        }
    }

    private point(drawn: uPlot, index: number | null, lines: readonly Line[]): void {
        const isHere = drawn.over.matches(":hover") || document.activeElement === this.place;
        if (!isHere) {
            return;
        }
        const moment = index === null ? undefined : this.found.moments[index];
        if (index === null || moment === undefined) {
            hideTooltip();
            return;
        }
        const values = lines.flatMap(({ name, color: own, values }) => {
            const value = values[index] ?? null;
            return value === null ? [] : [{ name, color: own, value }];
        });
        const rows = values
            .sort((a, b) => b.value - a.value)
            .map(({ value, ...rest }) => ({ ...rest, text: format(value, this.panel.unit) }));
        const date = new Date(1000 * moment);
        const box = drawn.over.getBoundingClientRect();
        showTooltip({
            title: `${date.toLocaleDateString()} ${clock(date)}`,
            rows,
            x: box.left + (drawn.cursor.left ?? 0),
            y: box.top + Math.max(0, drawn.cursor.top ?? 0),
        });
    }

    /** Goes through the moments by the arrow keys. */
    private walk(event: KeyboardEvent): void {
        const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 }[event.key];
        if (event.key === "Escape") {
            hideTooltip();
        }
        if (by === undefined || !this.drawn) {
            return;
        }
        event.preventDefault();
        const last = this.found.moments.length - 1;
        const index = Math.min(last, Math.max(0, (this.drawn.cursor.idx ?? last) + by));
        const left = this.drawn.valToPos(this.found.moments[index] ?? 0, "x");
        this.drawn.setCursor({ left, top: this.drawn.over.clientHeight / 3 });
    }
}
