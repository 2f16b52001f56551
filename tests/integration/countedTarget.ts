import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A target that counts who has scraped it how often: its series have that number as their value. */
export class CountedTarget {
    /** How many series each scrape brings. */
    public readonly series = 1000;
    private readonly answered = new Map<string, number>();
    private isOver = false;
    private readonly server: Server = createServer(({ url = "", socket }, response) => {
        if (this.isOver) {
            response.writeHead(503).end();
            return;
        }
        const agent = url.slice(1);
        const count = this.scrapes(agent) + 1;
        response.setHeader("Content-Type", "text/plain; version=0.0.4");
        // On a busy machine it may come too late for who has asked, who is gone then.
        response.on("finish", () => socket.destroyed || this.answered.set(agent, count));
        response.end(Array.from({ length: this.series }, (_, i) => `counted{series="${i}"} ${count}\n`).join(""));
    });

    public async open(address: string): Promise<void> {
        await new Promise<void>((resolve) => this.server.listen(0, address, resolve));
    }

    /** Its host:port. */
    public get address(): string {
        const { address, port } = this.server.address() as AddressInfo;
        return `${address}:${port}`;
    }

    /** How often an agent has scraped it. */
    public scrapes(agent: string): number {
        return this.answered.get(agent) ?? 0;
    }

    /** Has nothing more to tell. */
    public stop(): void {
        this.isOver = true;
    }

    public async close(): Promise<void> {
        this.server.closeAllConnections();
        await new Promise((resolve) => this.server.close(resolve));
    }
}
