import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { ready, verify } from "../../../components/exporters/delivery";

/** What the docker command line says of an exporter that listens. */
const docker = `#!/bin/sh
echo "$*" >> "$SAID"
case "$*" in
*StartedAt*) echo 2026-01-31T12:00:00.152706026Z ;;
*metrics-stack.port*) echo 9121 ;;
*State.Status*) echo "/exporter $STATE false" ;;
*"stat -c"*) echo "$CHANGED" ;;
run*) [ -z "$FAILS" ] || { echo "$FAILS" >&2; exit 125; }; echo 1 ;;
esac
`;
const started = Date.UTC(2026, 0, 31, 12) / 1000;

describe("An exporter that is verified", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-docker-"));
    const [said, before] = [path.join(folder, "said"), { ...process.env }];

    beforeEach(() => {
        writeFileSync(path.join(folder, "docker"), docker);
        chmodSync(path.join(folder, "docker"), 0o755);
        writeFileSync(said, "");
        Object.assign(process.env, { IMAGE: "shell", START_TIMEOUT: "1000", SAID: said, STATE: "running 0" });
        process.env.PATH = `${folder}${path.delimiter}${before.PATH}`;
    });
    afterEach(() => {
        process.env = { ...before };
    });
    after(() => rmSync(folder, { recursive: true }));

    /** Whether it is started again where the last of its secrets changed at a time, in seconds. */
    async function isRestarted(changed: number | ""): Promise<boolean> {
        process.env.CHANGED = String(changed);
        await verify("exporter");
        return /^restart .*exporter$/m.test(readFileSync(said, "utf8"));
    }

    it("is started again for a secret that it was not started with", async () =>
        assert.equal(await isRestarted(started + 5), true));

    it("is started again where nobody knows which was first", async () =>
        assert.equal(await isRestarted(started), true));

    // What Docker says where the container ends while another joins it.
    const failure = "OCI runtime create failed: can't get final child's PID from pipe: EOF";
    for (const state of ["restarting 0", "running 2"]) {
        it(`does not listen while it starts over and over: ${state}`, async () => {
            Object.assign(process.env, { FAILS: failure, STATE: state });
            await assert.rejects(ready("exporter"), {
                message: `exporter is ${state.split(" ")[0]}, and nothing in it listens on port 9121`,
            });
        });
    }

    it("is told of in Docker's words where it runs, and nothing can be run beside it", async () => {
        process.env.FAILS = "the image cannot be pulled";
        await assert.rejects(ready("exporter"), /exporter is running, and it does not answer: .*cannot be pulled/);
    });

    it("runs on where it has all of its secrets, or none", async () => {
        assert.equal(await isRestarted(started - 5), false);
        assert.equal(await isRestarted(""), false);
    });
});
