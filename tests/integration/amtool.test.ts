import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { images } from "../images";
import { golden } from "../golden";

/** Checks alertmanager.yml with the amtool of the image that runs it. */
function check(input: string): { status: number | null; text: string } {
    const container = ["run", "--rm", "--interactive", "--network", "none", "--entrypoint", "amtool"];
    const { status, stdout, stderr } = spawnSync("docker", [...container, images.alertmanager, "check-config"], {
        input,
        encoding: "utf8",
    });
    return { status, text: `${stdout}${stderr}` };
}

describe("Alertmanager's own tool", function () {
    this.timeout(30_000);

    const files = golden("alertmanager");

    it("is asked about every kind of receiver", () => assert.ok(Object.keys(files).length >= 8));

    for (const [file, text] of Object.entries(files)) {
        it(`accepts ${file}`, () => {
            const said = check(text);
            assert.equal(said.status, 0, said.text);
        });
    }

    it("is asked for real: it refuses an unknown key", () => {
        const { status, text } = check(`${Object.values(files)[0]}nonsense: 1\n`);
        assert.notEqual(status, 0);
        assert.match(text, /nonsense/);
    });
});
