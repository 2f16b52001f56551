import assert from "node:assert/strict";
import { receiveProbe } from "../../../components/thanos/status";

describe("What status says of a receiver", () => {
    const ring = 'thanos_receive_hashring_nodes{name=""} 3';
    const said = (metrics: string) => receiveProbe.read({ metrics }, 0, () => null);

    it("is what it keeps of all tenants, and of how many members it is one", () => {
        const facts = said(
            [
                'prometheus_tsdb_head_series{tenant="default-tenant"} 1200',
                'prometheus_tsdb_head_series{tenant="shop"} 34',
                ring,
            ].join("\n"),
        );
        assert.deepEqual(facts, { series: 1234, members: 3 });
        assert.deepEqual(receiveProbe.lines({ series: 1234, members: 3 }, 0), [
            ["Thanos Receive", "1234 series, one of 3 members"],
        ]);
    });

    it("is no series before somebody has sent one", () => assert.deepEqual(said(ring), { series: 0, members: 3 }));

    it("is why it does not answer", () => {
        assert.equal(said(""), "no answer");
        assert.equal(
            receiveProbe.read({ silent: "it does not run" }, 0, () => null),
            "it does not run",
        );
    });
});
