// @ts-check
const { readFileSync } = require("node:fs");
const { parse } = require("yaml");
const { archive } = require("./archive");
const { inVolume, run, setting } = require("./step");

// Checks the files on stdin (a YAML mapping of relative path to content) with the program's own tool, and writes them as a
// release beside the current one. On the first deployment the release becomes current, so that the container can start.
run(async () => {
    const files = parse(readFileSync(0, "utf8"));
    const said = inVolume(["stage", setting("RELEASE")], {
        input: await archive(files),
        environment: { CHECK: setting("CHECK") },
    });
    process.stdout.write(said);
});
