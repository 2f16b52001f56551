import type { Step } from "../../../config/render/dashboards/limits";
import type { Stat } from "../../../config/render/dashboards/panels";
import type { Series } from "./api";
import type { Look } from "./asking";
import { fill, now } from "./asking";
import { element } from "./dom";
import { legendOf, most } from "./query";
import { format } from "./units";

/** So many tiles fit without a panel that is longer than a screen. */
const shown = 24;

/** What is so now: a tile for each series. */
export class StatBody {
    public readonly root = element("div", { class: "stat" });
    private found: readonly (readonly [name: string, value: number])[] = [];
    private cut = false;

    constructor(private readonly panel: Stat) {}

    /** @returns whether there is something to show */
    public async ask(look: Look): Promise<boolean> {
        const answers = await Promise.all(
            this.panel.queries.map(async ({ expr, legend }) => {
                const series = await now(look, most(fill(look, expr), shown + 1, isLowBad(this.steps())));
                return series.map(
                    (each) => [legend === undefined ? "" : legendOf(each.metric, legend), valueOf(each)] as const,
                );
            }),
        );
        this.cut = answers.some((each) => each.length > shown);
        this.found = answers
            .flatMap((each) => each.slice(0, shown))
            .sort(([a], [b]) => a.localeCompare(b, undefined, { numeric: true }));
        return this.found.length > 0;
    }

    public draw(): void {
        const tiles = this.found.map(([name, value]) => {
            const { text, color } = this.says(value);
            const number = element("b", { "data-color": color }, text);
            return element("div", { class: "tile" }, number, ...(name ? [element("span", { title: name }, name)] : []));
        });
        const which = isLowBad(this.steps()) ? "lowest" : "highest";
        const note = this.cut ? [element("p", { class: "note" }, `Shown are the ${shown} ${which} of more.`)] : [];
        this.root.replaceChildren(...tiles, ...note);
    }

    private steps(): readonly Step[] {
        return this.panel.steps ?? this.panel.limit?.steps ?? [];
    }

    private says(value: number): { readonly text: string; readonly color: string } {
        return (
            this.panel.words?.[value] ?? { text: format(value, this.panel.unit), color: colorAt(this.steps(), value) }
        );
    }
}

/** Whether a value below a limit is the bad one. */
const isLowBad = (steps: readonly Step[]) => !["transparent", "green"].includes(steps[0]?.color ?? "green");

/** The colour of a value; a transparent number would not be seen. */
function colorAt(steps: readonly Step[], value: number): string {
    const { color = "text" } = steps.filter((step) => value >= (step.value ?? -Infinity)).at(-1) ?? {};
    return color === "transparent" ? "green" : color;
}

export const valueOf = ({ value }: Series) => Number(value?.[1].replace("Inf", "Infinity"));
