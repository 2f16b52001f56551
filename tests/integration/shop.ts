import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { docker } from "./checkout";

/** This machine's own address in Docker's own network. An engine that just made that does not call it the gateway yet. */
export function bridgeAddress(): string {
    const subnet = docker("network", "inspect", "--format", "{{(index .IPAM.Config 0).Subnet}}", "bridge");
    return subnet.replace(/\d+\/\d+$/, "1");
}

/** A service of this machine that is scraped, and that may be closed for a while: always at one address. */
export class Shop {
    private server: Server | undefined;
    /** 0 before it was first opened. */
    public port = 0;

    public async open(address: string): Promise<void> {
        const server = createServer((_, response) => {
            response.setHeader("Content-Type", "text/plain; version=0.0.4");
            response.end("shop_open 1\n");
        });
        await new Promise<void>((resolve) => server.listen(this.port, address, resolve));
        this.port = (server.address() as AddressInfo).port;
        this.server = server;
    }

    public async close(): Promise<void> {
        const { server } = this;
        server?.closeAllConnections();
        await new Promise((resolve) => (server?.listening ? server.close(resolve) : resolve(undefined)));
    }
}
