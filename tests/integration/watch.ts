import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Checkout } from "./checkout";

/** Collects the command lines of all processes and what Docker tells of all containers, until it is called off. */
export function watch(checkout: Checkout): () => Promise<string[]> {
    const found = new Set<string>();
    let done = false;
    const looking = (async () => {
        for (let i = 0; !done; i++) {
            readCommandLines().forEach((line) => found.add(line));
            if (i % 10 === 0) {
                const { text } = await checkout.run("sh", ["-c", "docker ps -aq | xargs -r docker inspect"]);
                found.add(text);
            }
            await sleep(20);
        }
    })();
    return async () => {
        done = true;
        await looking;
        return [...found];
    };
}

function readCommandLines(): string[] {
    const processes = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
    return processes.map((id) => {
        try {
            return readFileSync(`/proc/${id}/cmdline`, "utf8");
        } catch {
            return ""; // It ended meanwhile.
        }
    });
}
