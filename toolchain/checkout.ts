import * as path from "node:path";

/** The project's folder. */
export const project = path.join(__dirname, "..");
