import assert from "node:assert/strict";
import type { AlertmanagerKeys } from "../../conformance/alertmanagerKeys";
import { readAlertmanagerKeys } from "../../conformance/alertmanagerKeys";
import { recordedKeys } from "../../conformance/recordedKeys";
import { unknownKeys } from "../../conformance/unknownKeys";

const { record, test } = recordedKeys("alertmanager", readAlertmanagerKeys);

describe("The keys of the pinned Alertmanager", function () {
    this.timeout(60_000);

    it("are recorded", test);

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
