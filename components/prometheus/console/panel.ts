import type { Panel } from "../../../config/render/dashboards/panels";
import { Refused } from "./api";
import type { Look } from "./asking";
import { fill, reason } from "./asking";
import { element, elsewhere, link } from "./dom";
import type { Choose } from "./graph";
import { GraphBody } from "./graph";
import { StatBody } from "./stat";
import { TableBody } from "./table";

interface Body {
    readonly root: HTMLElement;
    ask(look: Look): Promise<boolean>;
    draw(): void;
}

let panels = 0;

/** How far below the window a panel is asked for before it is seen, in pixels. */
const ahead = 150;

/** A panel with its title. It asks Prometheus only once it is in sight. */
export class PanelView {
    public readonly root: HTMLElement;
    private readonly body: Body;
    private readonly said = element("p", { class: "said", hidden: true });
    private due: Look | undefined;
    /** Not known before it stands on the page. */
    private inSight: boolean | undefined;

    constructor(
        private readonly panel: Panel,
        choose: Choose,
    ) {
        this.body = bodyOf(panel, choose);
        this.root = element("section", { class: `panel ${panel.kind}-panel` }, head(panel), this.body.root, this.said);
        this.root.setAttribute("aria-busy", "true");
        new IntersectionObserver(([entry]) => this.sight(entry?.isIntersecting ?? false), {
            rootMargin: `${ahead}px`,
        }).observe(this.root);
    }

    /** Has it show another look, at once where it is in sight: then it is done when it is drawn. */
    public show(look: Look): Promise<void> {
        this.due = look;
        // The observer says it with the first frame only, when the first answers could be there already.
        this.inSight ??= this.root.getBoundingClientRect().top < innerHeight + ahead;
        return this.askIfDue();
    }

    /** In other colours. */
    public redraw(): void {
        if (!this.body.root.hidden) {
            this.body.draw();
        }
    }

    private sight(inSight: boolean): void {
        this.inSight = inSight;
        void this.askIfDue();
    }

    private async askIfDue(): Promise<void> {
        const look = this.due;
        if (this.inSight && look) {
            this.due = undefined;
            await this.ask(look);
        }
    }

    private async ask(look: Look): Promise<void> {
        this.root.setAttribute("aria-busy", "true");
        try {
            const isThere = await this.body.ask(look);
            this.settle(isThere ? "" : await this.reasonFor(look));
        } catch (error) {
            if (look.signal.aborted) {
                return;
            }
            this.settle(error instanceof Error ? error.message : String(error), error instanceof Refused);
        }
    }

    private settle(words: string, isError = false): void {
        this.root.removeAttribute("aria-busy");
        this.body.root.hidden = words !== "";
        this.said.hidden = words === "";
        this.said.textContent = words;
        this.said.classList.toggle("error", isError);
        if (words === "") {
            this.body.draw();
        }
    }

    private async reasonFor(look: Look): Promise<string> {
        const { kind, empty, queries } = this.panel;
        // A table lists what is wrong: nothing is what it should be.
        return kind === "table" && empty !== undefined
            ? empty
            : reason(
                  look,
                  queries.map(({ expr }) => fill(look, expr)),
                  empty,
              );
    }
}

function bodyOf(panel: Panel, choose: Choose): Body {
    switch (panel.kind) {
        case "graph":
            return new GraphBody(panel, choose);
        case "stat":
            return new StatBody(panel);
        case "table":
            return new TableBody(panel);
    }
}

function head({ title, description, limit }: Panel): HTMLElement {
    const id = `about-${++panels}`;
    const about = element(
        "div",
        { class: "about", popover: "auto", id },
        element("strong", {}, title),
        element("p", {}, description),
    );
    if (limit) {
        about.append(element("p", {}, limit.sentence));
    }
    const runbook = limit?.runbook;
    if (runbook) {
        about.append(element("p", {}, link(`Runbook: ${runbook.alert}`, runbook.url, elsewhere)));
    }
    const button = element(
        "button",
        { type: "button", class: "info", popovertarget: id, "aria-label": `About ${title}` },
        "i",
    );
    about.addEventListener("beforetoggle", () => {
        const { bottom, left } = button.getBoundingClientRect();
        about.style.top = `${Math.min(bottom + 6, innerHeight - 160)}px`;
        about.style.left = `${Math.max(8, Math.min(left - 12, document.documentElement.clientWidth - 340))}px`;
    });
    return element("header", {}, element("h3", {}, title), button, about);
}
