import { request as httpsRequest } from "node:https";
import { connect } from "node:tls";

export interface Answer {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    readonly body: string;
}

export interface Asked {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Buffer;
    /** Whose password is sent along, as "alice:...". @default nobody's */
    readonly login?: string;
}

/** Asks a door as a client does that takes its name for 127.0.0.1, and that believes the authority of its certificate. */
export class DoorRequests {
    constructor(
        private readonly name: string,
        private readonly port: number,
        private readonly ca: () => string,
    ) {}

    private get place() {
        return { host: "127.0.0.1", port: this.port, servername: this.name, ca: this.ca() };
    }

    public basic = (login: string) => `Basic ${Buffer.from(login).toString("base64")}`;

    /** Sends a path as it is: no client tidies it up. */
    public ask(path: string, { method = "GET", headers = {}, body, login }: Asked = {}): Promise<Answer> {
        const own = { host: `${this.name}:${this.port}`, ...(login && { authorization: this.basic(login) }) };
        return new Promise((resolve, reject) => {
            const options = { ...this.place, path, method, headers: { ...own, ...headers }, agent: false };
            const sent = httpsRequest(options, (response) => {
                let text = "";
                response.on("data", (chunk: Buffer) => (text += chunk.toString()));
                response.on("error", reject);
                response.on("end", () =>
                    resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
                );
            });
            sent.on("error", reject);
            sent.end(body);
        });
    }

    /**
     * Sends text as it is, in one piece after the other, and waits until the door hangs up.
     * @returns what it said, and after how many milliseconds it ended
     */
    public raw(pieces: readonly string[], pause = 0): Promise<{ said: string; took: number }> {
        const began = Date.now();
        return new Promise((resolve) => {
            let said = "";
            const socket = connect({ ...this.place, ALPNProtocols: ["http/1.1"] });
            const ended = () => resolve({ said, took: Date.now() - began });
            const rest = [...pieces];
            const send = () => {
                const piece = rest.shift();
                if (piece !== undefined && socket.writable) {
                    socket.write(piece);
                    setTimeout(send, pause);
                }
            };
            socket.on("secureConnect", send);
            socket.on("data", (chunk: Buffer) => (said += chunk.toString()));
            socket.on("error", ended);
            socket.on("close", ended);
        });
    }
}
