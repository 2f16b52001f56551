import assert from "node:assert/strict";
import { provide, toolchainMode } from "../../toolchain/mode";
import { ToolError } from "../../toolchain/process";

describe("The toolchain takes a tool from where TOOLCHAIN says", () => {
    const sources = (reachable: boolean) => ({
        official: async () => {
            if (!reachable) {
                throw new ToolError("out of reach");
            }
            return "official";
        },
        packages: async () => "packages",
    });

    it("auto: official, and packages where that is out of reach", async () => {
        assert.equal(await provide("auto", sources(true)), "official");
        assert.equal(await provide("auto", sources(false)), "packages");
    });

    it("official: never from packages", async () => {
        await assert.rejects(provide("official", sources(false)), /out of reach/);
    });

    it("packages: never official", async () => {
        assert.equal(await provide("packages", sources(true)), "packages");
    });

    it("and hides no mistake of its own behind the other source", async () => {
        const broken = { ...sources(true), official: () => Promise.reject(new TypeError("a mistake")) };
        await assert.rejects(provide("auto", broken), /a mistake/);
    });

    it("and refuses any other word", () => {
        assert.throws(() => toolchainMode("offline"), /TOOLCHAIN is "offline"; write official, packages or auto/);
    });
});
