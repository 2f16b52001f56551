import assert from "node:assert/strict";
import { programOf } from "../../components/delivery/program";

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
