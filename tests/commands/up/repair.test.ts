import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { repaired } from "../../../commands/up/repair";

/** With a docker that says what the test has it say. */
describe("After a deployment that failed", () => {
    let folder: string;
    const { PATH } = process.env;
    const given = { stack: { name: "dev", fullName: "dev" }, options: new Map(), operands: [], args: [] };

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-repair-"));
        process.env.PATH = `${folder}:${PATH}`;
    });
    afterEach(() => {
        process.env.PATH = PATH;
        rmSync(folder, { recursive: true });
    });

    /** One container is stopped, on two networks. */
    function engine(networks: Readonly<Record<string, string>>): void {
        const Networks = Object.fromEntries(Object.keys(networks).map((name) => [name, { NetworkID: `${name}-1` }]));
        const inspected = JSON.stringify([{ Name: "/metrics-stack-dev-prometheus", NetworkSettings: { Networks } }]);
        const ids = Object.entries(networks).map(([name, id]) => `"network inspect"*" ${name}") echo ${id} ;;`);
        const script = `#!/bin/sh
case "$*" in
"ps "*) echo 1 ;;
"inspect 1") echo '${inspected}' ;;
${ids.join("\n")}
"network inspect"*) exit 1 ;;
*) echo "$*" >> ${folder}/done ;;
esac
`;
        writeFileSync(path.join(folder, "docker"), script);
        chmodSync(path.join(folder, "docker"), 0o755);
    }
    const done = () => (existsSync(`${folder}/done`) ? readFileSync(`${folder}/done`, "utf8").trim().split("\n") : []);
    const elsewhere = { PULUMI_BACKEND_URL: "s3://states" };

    it("a container finds the network again that was made anew, and no other", async () => {
        engine({ own: "own-1", shop: "shop-2" });
        assert.equal(await repaired(given, elsewhere), true);
        assert.deepEqual(done(), [
            "network disconnect --force shop metrics-stack-dev-prometheus",
            "network connect shop metrics-stack-dev-prometheus",
        ]);
    });

    it("nothing is done where all networks are those of before", async () => {
        engine({ own: "own-1", shop: "shop-1" });
        assert.equal(await repaired(given, elsewhere), false);
        assert.deepEqual(done(), []);
    });

    it("nothing more is said where Docker cannot be asked", async () => {
        writeFileSync(path.join(folder, "docker"), "#!/bin/sh\nexit 1\n");
        chmodSync(path.join(folder, "docker"), 0o755);
        assert.equal(await repaired(given, elsewhere), false);
    });
});
