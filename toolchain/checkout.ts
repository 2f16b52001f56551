import * as path from "node:path";

/** The project's folder. Compiled into one file, no other source knows where it stood: see compiled.js. */
export const project = path.join(__dirname, "..");
