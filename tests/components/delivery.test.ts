import assert from "node:assert/strict";
import { programOf } from "../../components/delivery/program";
import { ruleDifference } from "../../components/prometheus/delivery";

describe("The delivery compares Prometheus' live rules with the declared ones, and", () => {
    const rule = (name: string, health = "ok", lastError = "") => ({ name, health, lastError });
    const live = [
        { name: "shop", rules: [rule("TargetDown"), rule("HostMemoryStalled"), rule("HostMemoryStalled", "unknown")] },
        { name: "web", rules: [rule("TargetDown")] },
    ];
    const declared = ["web TargetDown", "shop TargetDown", "shop HostMemoryStalled", "shop HostMemoryStalled"];

    it("is content with the same ones, evaluated or not yet", () =>
        assert.equal(ruleDifference(live, declared), undefined));

    it("names one that is missing", () =>
        assert.equal(
            ruleDifference(live, [...declared, "web TargetMissing"]),
            "it has the rule web TargetMissing 0 times instead of 1.",
        ));

    it("names one that is there too often", () =>
        assert.equal(
            ruleDifference(live, declared.slice(0, 3)),
            "it has the rule shop HostMemoryStalled 2 times instead of 1.",
        ));

    it("names one that nobody declared", () =>
        assert.match(ruleDifference(live, declared.slice(1)) ?? "", /web TargetDown 1 times instead of 0/));

    it("names one that cannot be evaluated, with Prometheus' reason", () =>
        assert.equal(
            ruleDifference([...live, { name: "db", rules: [rule("TargetDown", "err", "many-to-many")] }], declared),
            "it cannot evaluate the rule db TargetDown: many-to-many",
        ));
});

describe("A delivery step finds how a program takes over new files", () => {
    it("in its folder beside the steps, or anywhere else", () => {
        const { check, live, ...steps } = programOf("prometheus");
        assert.ok(check && live);
        assert.deepEqual(programOf("../components/grafana"), programOf("grafana"));
        assert.deepEqual(
            ["load", "ready", "verify"].filter((step) => !(step in steps)),
            [],
        );
    });

    it("or says where it is missing", () =>
        assert.throws(() => programOf("nonsense"), {
            message: "PROGRAM is nonsense: there is no file components/nonsense/delivery.js",
        }));
});
