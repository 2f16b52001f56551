import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { AlertmanagerKeys } from "../../conformance/alertmanagerKeys";
import { readAlertmanagerKeys } from "../../conformance/alertmanagerKeys";
import { unknownKeys } from "../../conformance/unknownKeys";

const root = path.join(__dirname, "../../..");
const goModule = readFileSync(path.join(root, "components/alertmanager/go/go.mod"), "utf8");
const version = /github\.com\/prometheus\/alertmanager (v\S+)/.exec(goModule)?.[1] ?? "";
const recorded = path.join(root, "tests/conformance/alertmanager-keys.json");

describe("The keys of the pinned Alertmanager", function () {
    this.timeout(60_000);

    it("are recorded", function () {
        const keys = readAlertmanagerKeys(version);
        const text = keys && `${JSON.stringify({ version, ...keys }, null, 4)}\n`;
        if (text !== undefined && process.env.UPDATE_GOLDEN) {
            writeFileSync(recorded, text);
        }
        const record = readFileSync(recorded, "utf8");
        assert.equal(
            JSON.parse(record).version,
            version,
            "the record is of another version: go mod download github.com/prometheus/alertmanager, then UPDATE_GOLDEN=1",
        );
        if (text === undefined) {
            return this.skip(); // Go's module cache does not have the source.
        }
        assert.equal(record, text);
    });

    const record = JSON.parse(readFileSync(recorded, "utf8")) as AlertmanagerKeys;
    const settings = (alertmanager: object) => ({ alertmanager: { enabled: true, ...alertmanager } });

    const declarations: [what: string, keys: AlertmanagerKeys["config"], declare: (value: object) => object][] = [
        ["the whole", record.config, (value) => value],
        ["routes", record.route, (value) => ({ routes: [value] })],
        ["inhibit_rules", record.inhibit_rule, (value) => ({ inhibitRules: [value] })],
        ["time_intervals", record.time_interval, (value) => ({ timeIntervals: [value] })],
        ...Object.entries(record.receiver)
            .filter(([kind]) => kind.endsWith("_configs"))
            .map(([kind, keys]): [string, AlertmanagerKeys["config"], (value: object) => object] => [
                kind,
                keys,
                (value) => ({ receivers: [{ name: "a", [kind.replace("_configs", "")]: value }] }),
            ]),
    ];
    it("know each kind of receiver", () => assert.equal(declarations.length, 4 + 18));
    for (const [what, keys, declare] of declarations) {
        it(`of ${what} can be declared, or it is said why not`, () => {
            assert.ok(Object.keys(keys).length > 1);
            assert.deepEqual(
                unknownKeys("Alertmanager", keys, (value) => settings(declare(value)), what),
                [],
            );
        });
    }
});
