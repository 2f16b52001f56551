// @ts-check
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { archive } = require("./archive");
const { inVolume, run, setting } = require("./step");

// Replaces the secret files of the volume by those on stdin (JSON, file name to content). They come by stdin and never by
// environment or argument, which `docker inspect` and the process list would show.
run(async () => {
    const text = readFileSync(0, "utf8");
    const files = JSON.parse(text);
    inVolume(["secrets"], {
        input: await archive(files),
        environment: { USER_ID: setting("USER_ID") },
    });
    // Pulumi keeps this as a secret too; another value tells `activate` that there is something to activate.
    process.stdout.write(createHash("sha256").update(text).digest("hex"));
});
