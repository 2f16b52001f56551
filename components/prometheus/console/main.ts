import type { Page } from "../../../config/render/consoles/page";
import type { Look } from "./asking";
import { fill, labelValues } from "./asking";
import { rangeChoice, refreshChoice, VariableChoice } from "./controls";
import { element } from "./dom";
import { PanelView } from "./panel";
import { clock } from "./plot";
import type { View } from "./view";
import { rangeOf, readView, search, seconds } from "./view";

/** Draws the page that the document declares, and keeps it as new as the person wants it. */
class Dashboard {
    private readonly times = element("div", { class: "times" });
    private readonly pages = element("nav", { "aria-label": "Dashboards" });
    private readonly updated = element("span", { class: "updated", role: "status" });
    private readonly variables: readonly VariableChoice[];
    private readonly panels: readonly PanelView[];
    private view: View;
    private asking = new AbortController();
    private timer: ReturnType<typeof setTimeout> | undefined;
    private isDue = false;

    constructor(private readonly page: Page) {
        const { title, description, variables, sections } = page.dashboard;
        this.view = readView(location.search, variables);
        this.variables = variables.map(
            (variable) =>
                new VariableChoice(variable, this.view.chosen[variable.name] ?? [], (values) =>
                    this.change({ chosen: { ...this.view.chosen, [variable.name]: values } }),
                ),
        );
        const drawn = Object.entries(sections).map(([name, lines]) => ({
            name,
            lines: lines.map((line) =>
                line.map((panel) => new PanelView(panel, (start, end) => this.choose(start, end))),
            ),
        }));
        this.panels = drawn.flatMap(({ lines }) => lines.flat());
        document.body.append(
            element(
                "header",
                { class: "top" },
                element(
                    "div",
                    { class: "where" },
                    element("strong", { title: `The stack ${page.stack}` }, page.stack),
                    this.pages,
                ),
                element("div", { class: "controls" }, ...this.variables.map(({ root }) => root), this.times),
            ),
            element(
                "main",
                {},
                element(
                    "div",
                    { class: "title" },
                    element("h1", {}, title),
                    element("p", {}, description),
                    this.updated,
                ),
                ...drawn.flatMap(({ name, lines }) => [
                    element("h2", {}, name),
                    ...lines.map((line) =>
                        element("div", { class: `line of-${line.length}` }, ...line.map(({ root }) => root)),
                    ),
                ]),
            ),
        );
        document.addEventListener("visibilitychange", () => this.isDue && this.refresh());
        addEventListener("popstate", () => location.reload());
        matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
            this.panels.forEach((panel) => panel.redraw());
        });
        this.draw();
    }

    private change(changed: Partial<View>): void {
        this.view = { ...this.view, ...changed };
        history.pushState(null, "", location.pathname + search(this.view));
        this.draw();
    }

    private choose(start: number, end: number): void {
        const [from, to] = [Math.floor(1000 * start), Math.ceil(1000 * end)].map(String);
        if (from !== undefined && to !== undefined) {
            this.change({ from, to });
        }
    }

    private draw(): void {
        const change = (view: Partial<View>) => this.change(view);
        const again = element("button", { type: "button", class: "again", click: () => this.refresh() }, "Refresh");
        this.times.replaceChildren(rangeChoice(this.view, change), refreshChoice(this.view, change), again);
        // A page shows what it can of the choice: it leaves out the variables that it does not have.
        this.pages.replaceChildren(
            ...this.page.pages.map(({ uid, title, file }) =>
                element(
                    "a",
                    {
                        href: file + search(this.view),
                        "aria-current": uid === this.page.dashboard.uid ? "page" : undefined,
                    },
                    title,
                ),
            ),
        );
        this.refresh();
    }

    /** Asks anew. What is hidden waits until it is seen. */
    private refresh(): void {
        clearTimeout(this.timer);
        this.isDue = document.hidden;
        if (document.hidden) {
            return;
        }
        this.asking.abort();
        this.asking = new AbortController();
        const { view, page } = this;
        const time = new Date();
        const look = { page, view, range: rangeOf(view, time.getTime() / 1000), signal: this.asking.signal };
        void Promise.all(this.panels.map((panel) => panel.show(look))).then(() => this.wait(look));
        this.updated.textContent = `As of ${clock(time)}`;
        void this.offer(look);
    }

    /** The time until the next look begins when this one is done: else a slow Prometheus would never be heard out. */
    private wait({ view, signal }: Look): void {
        const every = seconds(view.refresh);
        if (every > 0 && view.to === "now" && !signal.aborted) {
            this.timer = setTimeout(() => this.refresh(), 1000 * every);
        }
    }

    private async offer(look: Look): Promise<void> {
        await Promise.all(
            this.page.dashboard.variables.map(async ({ name, series }, i) => {
                // Without an answer there is the choice that was there; the panels say what is wrong.
                const values = await labelValues(look, name, fill(look, series)).catch(() => undefined);
                if (values) {
                    this.variables[i]?.offer(values);
                }
            }),
        );
    }
}

new Dashboard(JSON.parse(document.getElementById("page")?.textContent ?? "") as Page);
