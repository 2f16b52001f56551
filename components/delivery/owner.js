// @ts-check
const { dockerSync, rootOfVolumes } = require("../../toolchain/docker");
const { run, setting } = require("./step");

// Gives a volume to the user of who works in it.
run(() => {
    const [volume, user] = [setting("VOLUME"), setting("USER_ID")];
    dockerSync([
        ...["run", "--rm", ...rootOfVolumes, "--mount", `type=volume,src=${volume},dst=/volume`],
        ...["--entrypoint", "chown", setting("IMAGE"), `${user}:${user}`, "/volume"],
    ]);
});
