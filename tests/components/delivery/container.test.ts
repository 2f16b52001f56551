import assert from "node:assert/strict";
import { errorIn } from "../../../components/delivery/container";

describe("The error in a line of a program's log", () => {
    it("is what the program says, in one line and without its quotes", () =>
        assert.equal(
            errorIn(`level=ERROR msg="Error loading config" err="parsing YAML: field \\"foo\\" not found\\n  line 5"`),
            'parsing YAML: field "foo" not found line 5',
        ));

    it("is the cause, where a stack follows", () =>
        assert.equal(
            errorIn(
                String.raw`level=error err="no such bucket\niter bucket\ngithub.com/x/y.(*Z).fetch\n\tgithub.com/x/y/z.go:593\nmain.main\n\tmain.go:141"`,
            ),
            "no such bucket",
        ));

    it("is nothing where there is none", () => assert.equal(errorIn("level=info msg=ready"), undefined));
});
