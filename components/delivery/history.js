// @ts-check
const { inVolume, run } = require("./step");

// Prints the name of the current release, and those that a program ran with and that are still there, oldest first: a UTC time
// and a name on each line.
run(() => {
    process.stdout.write(inVolume(["history"]));
});
