import assert from "node:assert/strict";
import { isPassphraseOf, passphraseOf } from "../../toolchain/passphrase";

describe("A passphrase", function () {
    this.timeout(20_000);

    // What Pulumi wrote into a stack file for the passphrase "hunter2".
    const salt = "v1:pxAe4rJPPKs=:v1:8LC4z3wfLanbsoez:cNt69JPTydVZ4Z3tumFs00e95npFHg==";

    it("is known by what Pulumi encrypted with it", async () => {
        assert.equal(await isPassphraseOf(salt, "hunter2"), true);
        assert.equal(await isPassphraseOf(salt, "hunter3"), false);
        assert.equal(await isPassphraseOf("v1:nonsense", "hunter2"), false);
    });

    it("is read as Pulumi reads it", () => {
        assert.equal(passphraseOf({ PULUMI_CONFIG_PASSPHRASE: "", PULUMI_CONFIG_PASSPHRASE_FILE: __filename }), "");
        assert.match(passphraseOf({ PULUMI_CONFIG_PASSPHRASE_FILE: __filename }) ?? "", /^import[^]*;$/);
        assert.equal(passphraseOf({ PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere" }), undefined);
        assert.equal(passphraseOf({}), undefined);
    });
});
