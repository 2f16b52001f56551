import assert from "node:assert/strict";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { layoutFaults } from "./layout";
import { mayBeEmpty } from "./mayBeEmpty";

/** A panel as somebody sees it. */
export interface SeenPanel {
    readonly title: string;
    /** How many lines, tiles or rows it shows. */
    readonly shows: number;
    /** Why it shows none. */
    readonly says: string;
}

/** High enough that each panel is in sight. */
const tall = { 1400: 7000, 400: 14_000 };
export type Width = keyof typeof tall;

/** A page under /consoles/ in a browser that notes what should not happen. */
export class ConsolePage {
    /** Errors, dialogs and requests to others than Prometheus. */
    public readonly faults: string[] = [];
    /** What was asked since the last look at it: the API's paths. */
    private asked: string[] = [];

    private constructor(
        public readonly page: Page,
        private readonly base: string,
    ) {
        page.on("console", (message) => {
            if (["error", "warning"].includes(message.type())) {
                this.faults.push(`the console says: ${message.text()}`);
            }
        });
        page.on("pageerror", (error) => this.faults.push(`an error: ${error.message}`));
        page.on("dialog", (dialog) => {
            this.faults.push(`a dialog: ${dialog.message()}`);
            void dialog.dismiss();
        });
        page.on("request", (request) => {
            const url = request.url();
            if (request.method() !== "GET" || !(url.startsWith(`${base}/`) || url.startsWith("data:"))) {
                this.faults.push(`it asks ${request.method()} ${url}`);
            }
            this.asked.push(...(/\/api\/v1\/(.*)$/.exec(url)?.slice(1) ?? []));
        });
    }

    /** @param base address of what serves the pages, e.g. "http://127.0.0.1:9090" */
    public static async opened(browser: Browser, base: string, options: BrowserContextOptions = {}) {
        const viewport = { width: 1400, height: tall[1400] };
        const context = await browser.newContext({ viewport, colorScheme: "light", ...options });
        return new ConsolePage(await context.newPage(), base);
    }

    /** Goes to a page, e.g. "host.html?from=now-3h&to=now", and waits for its panels. */
    public async go(file: string): Promise<void> {
        await this.page.goto(`${this.base}/consoles/${file}`);
        await this.settled();
    }

    /** Waits until each panel in sight has its answer. */
    public async settled(): Promise<void> {
        await this.page.waitForFunction(() => {
            const panels = [...document.querySelectorAll(".panel")];
            const isInSight = (panel: Element) => panel.getBoundingClientRect().top < innerHeight;
            return panels.length > 0 && !panels.some((each) => isInSight(each) && each.hasAttribute("aria-busy"));
        });
    }

    public async resize(width: Width): Promise<void> {
        await this.page.setViewportSize({ width, height: tall[width] });
        await this.settled();
        // What follows the size of its place is drawn with the next frame.
        await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))));
    }

    public panels(): Promise<SeenPanel[]> {
        return this.page.$$eval(".panel", (panels) =>
            panels.map((panel) => ({
                title: panel.querySelector("h3")?.textContent ?? "",
                shows: panel.querySelectorAll(".graph:not([hidden]) .legend li, .stat:not([hidden]) .tile, tbody tr")
                    .length,
                says: panel.querySelector(".said:not([hidden])")?.textContent ?? "",
            })),
        );
    }

    /** The panels that show nothing, and may not; with what they say of it. */
    public async emptyPanels(): Promise<string[]> {
        const title = await this.page.locator("h1").innerText();
        return (await this.panels())
            .filter(({ title: panel, shows }) => shows === 0 && !(`${title}: ${panel}` in mayBeEmpty))
            .map(({ title: panel, says }) => `${title}: ${panel}: ${says}`);
    }

    /** The panel with a title; the graph where a tile has the same one. */
    public panel(title: string, kind: "graph" | "stat" | "table") {
        return this.page.locator(`.${kind}-panel`, {
            has: this.page.getByRole("heading", { name: title, exact: true }),
        });
    }

    /** What is cut off, overlaps or lies beyond the page. */
    public layoutFaults(): Promise<string[]> {
        return this.page.evaluate(layoutFaults);
    }

    /** Of the upper part of the page. @param height by default that of all of it */
    public async takePicture(file: string, { height }: { readonly height?: number } = {}): Promise<void> {
        const body = (await this.page.locator("body").boundingBox()) ?? assert.fail("no page");
        await this.page.screenshot({
            path: file,
            clip: { x: 0, y: 0, width: body.width, height: height ?? body.height },
        });
    }

    /** Has a text read otherwise, wherever it stands. */
    public async rename(from: string, to: string): Promise<void> {
        await this.page.evaluate(
            ([from = "", to = ""]) => {
                const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                while (texts.nextNode()) {
                    texts.currentNode.nodeValue = texts.currentNode.nodeValue?.replaceAll(from, to) ?? "";
                }
            },
            [from, to],
        );
    }

    /** The API's paths that were asked since this was called last. */
    public newQuestions(): string[] {
        const { asked } = this;
        this.asked = [];
        return asked;
    }

    public async close(): Promise<void> {
        await this.page.context().close();
        assert.deepEqual(this.faults, []);
    }
}
