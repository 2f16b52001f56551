import { bench } from "../bench";
import type { Command } from "./command";

export const command: Command = {
    name: "bench",
    summary: "measure how long previews and changes take, beside an empty program and docker compose",
    options: [],
    examples: ["npm run bench"],
    run: bench,
};
