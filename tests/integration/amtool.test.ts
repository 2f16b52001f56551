import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { parse } from "yaml";
import { live } from "../../components/alertmanager/delivery";
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

    const files = Object.fromEntries(Object.entries(golden("alertmanager")).filter(([file]) => file.endsWith(".yml")));

    it("is asked about every kind of receiver", () => assert.ok(Object.keys(files).length >= 8));

    for (const [file, text] of Object.entries(files)) {
        it(`accepts ${file}`, () => {
            const said = check(text);
            assert.equal(said.status, 0, said.text);
        });
    }

    // What Alertmanager writes otherwise than it was given would look like somebody's change for ever.
    it("has an Alertmanager that shows everything as it was declared", () => {
        const declared = files["everything/alertmanager.yml"] ?? "";
        const script = [
            "cat > /tmp/a.yml",
            "alertmanager --config.file=/tmp/a.yml --storage.path=/tmp/data --cluster.listen-address= 2> /tmp/log &",
            "for i in $(seq 50); do wget -q -O- http://127.0.0.1:9093/api/v2/status 2> /dev/null && exit; sleep 0.2; done",
            "cat /tmp/log; exit 1",
        ].join("\n");
        const container = ["run", "--rm", "--interactive", "--network", "none", "--entrypoint", "sh"];
        const said = spawnSync("docker", [...container, images.alertmanager, "-c", script], {
            input: declared,
            encoding: "utf8",
        });
        assert.equal(said.status, 0, said.stdout);
        assert.equal(live.difference(said.stdout, parse(declared)), undefined);
    });

    it("is asked for real: it refuses an unknown key", () => {
        const { status, text } = check(`${Object.values(files)[0]}nonsense: 1\n`);
        assert.notEqual(status, 0);
        assert.match(text, /nonsense/);
    });
});
