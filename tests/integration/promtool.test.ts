import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { archive } from "../../components/delivery/archive";
import { images } from "../../config/images";
import { golden } from "../golden";

/** Checks files with the promtool of the image that runs them; every path of the volume stands for one beside them. */
async function check(files: Readonly<Record<string, string>>): Promise<{ status: number | null; text: string }> {
    const script =
        "cd /tmp && tar -x && sed -i 's#/etc/prometheus/##' prometheus.yml && promtool check config prometheus.yml";
    const container = ["run", "--rm", "--interactive", "--network", "none", "--entrypoint", "sh", images.prometheus];
    const { status, stdout, stderr } = spawnSync("docker", [...container, "-c", script], {
        input: await archive(files),
        encoding: "utf8",
    });
    return { status, text: `${stdout}${stderr}` };
}

describe("Prometheus' own tool", function () {
    this.timeout(30_000);

    it("accepts the files of the seed's three jobs", async () => {
        const { status, text } = await check(golden("seed"));
        assert.equal(status, 0, text);
    });

    it("accepts the files of jobs with every setting", async () => {
        const secrets = ["everything.credentials", "everything.cert", "everything.key", "shop.api-v2.password"];
        const files = Object.fromEntries(secrets.map((file) => [`secrets/${file}`, "x"]));
        const { status, text } = await check({ ...golden("everything"), ...files });
        assert.equal(status, 0, text);
    });

    it("is asked for real: it refuses an unknown key", async () => {
        const files = golden("seed");
        const { status, text } = await check({ ...files, "prometheus.yml": `${files["prometheus.yml"]}nonsense: 1\n` });
        assert.notEqual(status, 0);
        assert.match(text, /nonsense/);
    });
});
