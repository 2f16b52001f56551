import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { archive } from "../../components/delivery/archive";
import { images } from "../images";
import { cases } from "../config/render/rules";
import { promtoolFiles } from "../config/render/rules/case";
import { everyInterval } from "../config/render/rules/everyInterval";

/** Runs promtool on tests, each in a folder of its own. @returns what it said of each that failed, by the test's number */
async function failures(tests: readonly Readonly<Record<string, string>>[]): Promise<Map<number, string>> {
    const files = tests.flatMap((each, i) =>
        Object.entries(each).map(([name, text]) => [`${i}/${name}`, text] as const),
    );
    const script =
        'cd /tmp && tar -x && for i in [0-9]*; do (cd $i && echo "case $i" && promtool test rules test.yml 2>&1); done';
    const container = ["run", "--rm", "--interactive", "--network", "none", "--entrypoint", "sh", images.prometheus];
    const { stdout, stderr } = spawnSync("docker", [...container, "-c", script], {
        input: await archive(Object.fromEntries(files)),
        encoding: "utf8",
    });
    const said = stdout.split(/^case (?=\d+$)/m).slice(1);
    assert.equal(said.length, tests.length, stderr);
    return new Map(
        said.filter((text) => !text.includes("SUCCESS")).map((text) => [Number.parseInt(text, 10), text] as const),
    );
}

describe("An alert, by Prometheus' own tool", function () {
    this.timeout(300_000);

    let failed: Map<number, string>;
    before(async () => {
        failed = await failures(cases.map(promtoolFiles));
    });

    for (const [i, { alert, severity, when, fires }] of cases.entries()) {
        const circumstance = when === undefined ? "" : ` where ${when}`;
        const behaviour = fires === undefined ? "does not fire" : "fires when it should, not before, and ends";
        it(`${alert} (${severity}) ${behaviour}${circumstance}`, () => assert.ok(!failed.has(i), failed.get(i)));
    }
});

describe("Every alert, however often its job is scraped and rules are evaluated", function () {
    this.timeout(300_000);

    const tests = everyInterval();
    let failed: Map<number, string>;
    before(async () => {
        failed = await failures(tests.map(([, files]) => files));
    });

    for (const [i, [intervals]] of tests.entries()) {
        it(`fires where it should, and only there: ${intervals}`, () => assert.ok(!failed.has(i), failed.get(i)));
    }
});
