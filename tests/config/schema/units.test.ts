import assert from "node:assert/strict";
import {
    formatDuration,
    formatIpv4,
    formatSize,
    isHostAddress,
    isStackSubnet,
    parseDuration,
    parseIpv4,
    parseSize,
    parseSubnet,
} from "../../../config/schema/units";

describe("durations", () => {
    it("are read as Prometheus reads them", () => {
        assert.equal(parseDuration("15s"), 15_000);
        assert.equal(parseDuration("1h30m"), 5_400_000);
        assert.equal(parseDuration("1d"), 86_400_000);
        assert.equal(parseDuration("250ms"), 250);
    });

    for (const text of ["15", "1.5m", "", "0s", "s", "5 s", "1m1h", "-5s", "15S", "293y", "999999999999y"]) {
        it(`are not ${JSON.stringify(text)}`, () => assert.equal(parseDuration(text), undefined));
    }

    // As printed by Prometheus 3.13: years and weeks only where nothing remains.
    for (const [given, printed] of [
        ["60s", "1m"],
        ["90s", "1m30s"],
        ["15d", "15d"],
        ["14d", "2w"],
        ["36h", "1d12h"],
        ["24h", "1d"],
        ["365d", "1y"],
        ["1500ms", "1s500ms"],
    ] as const) {
        it(`are written as Prometheus prints them: ${given} is ${printed}`, () => {
            assert.equal(formatDuration(parseDuration(given) ?? NaN), printed);
        });
    }
});

describe("sizes", () => {
    it("are powers of two", () => {
        assert.equal(parseSize("512MB"), 512 * 1024 * 1024);
        assert.equal(parseSize("1B"), 1);
    });

    for (const text of ["512", "1.5GB", "0B", "10 MB", "10mb", "GB", "8EB", "9007199254740993B"]) {
        it(`are not ${JSON.stringify(text)}`, () => assert.equal(parseSize(text), undefined));
    }

    it("are written as Prometheus prints them", () => {
        assert.equal(formatSize(10 * 1024 ** 2), "10MiB");
        assert.equal(formatSize(1536 * 1024), "1MiB512KiB");
        assert.equal(formatSize(7), "7B");
    });
});

describe("addresses", () => {
    it("go from text to number and back", () => {
        assert.equal(formatIpv4(parseIpv4("172.28.255.1") ?? NaN), "172.28.255.1");
    });

    for (const text of ["172.28.0", "172.28.0.256", "host", "1.2.3.4.5", "010.1.2.3"]) {
        it(`are not ${text}`, () => assert.equal(parseIpv4(text), undefined));
    }

    for (const text of ["172.28.0.1/24", "172.28.0.0", "172.28.0.0/33", "172.28.0.0/x", "10.0.0.0/08"]) {
        it(`make no subnet of ${text}`, () => assert.equal(parseSubnet(text), undefined));
    }

    for (const text of ["172.28.0.0/30", "172.0.0.0/6", "127.0.0.0/8", "0.0.0.0/8", "224.0.0.0/24"]) {
        it(`make no subnet for a stack of ${text}`, () => {
            const subnet = parseSubnet(text);
            assert.ok(subnet);
            assert.equal(isStackSubnet(subnet), false);
        });
    }

    it("belong to a subnet's hosts unless first or last", () => {
        const subnet = parseSubnet("172.28.7.0/24");
        assert.ok(subnet);
        const isHost = (text: string) => isHostAddress(subnet, parseIpv4(text) ?? NaN);
        assert.deepEqual(["172.28.7.0", "172.28.7.1", "172.28.7.254", "172.28.7.255", "172.28.8.1"].map(isHost), [
            false,
            true,
            true,
            false,
            false,
        ]);
    });
});
