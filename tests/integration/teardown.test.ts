import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { images } from "../images";
import { project } from "../../toolchain/checkout";
import { Checkout, docker, freePort } from "./checkout";
import { Engine, needsSecondEngine } from "./engine";
import { steps, stopAtFailure } from "./steps";

const declaration = async (rest: object = {}) => ({
    prometheus: { port: await freePort() },
    nodeExporter: { enabled: false },
    grafana: { enabled: false },
    ...rest,
});

const manual = readFileSync(path.join(project, "docs", "teardown.md"), "utf8");
/** For a stack whose Docker host cannot be asked any more, as the manual has it. */
const [, removal = ""] = /^npm run pulumi -- (stack rm .*)$/m.exec(manual) ?? [];
const removeFromState = ["pulumi", ...removal.split(" ")] as const;

describe("The end of a stack", function () {
    this.timeout(180_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    const own = `label=metrics-stack.stack=${checkout.stack}`;
    let declared: object;

    before(async () => {
        declared = await declaration({ retainData: false });
        checkout.declare({ ...declared, protect: true });
        await checkout.succeed("up");
    });

    after(() => checkout.remove());

    /** Ids of everything that carries the stack's label. */
    const objects = () =>
        [
            ["ps", "--all"],
            ["network", "ls"],
            ["volume", "ls"],
        ].flatMap((list) =>
            docker(...list, "--quiet", "--filter", own)
                .split("\n")
                .filter(Boolean),
        );

    step("does not come while it is protected: everything goes on, and the answer says how to lift that", async () => {
        const containers = checkout.containers();
        const volumes = docker("volume", "ls", "--filter", own);
        const { status, text } = await checkout.npm("down");
        assert.notEqual(status, 0);
        assert.match(
            text,
            /The stack is protected, and nothing of it was destroyed\. .* write protect: false in Pulumi\./,
        );
        assert.equal(checkout.containers(), containers);
        assert.equal(docker("volume", "ls", "--filter", own), volumes);
        await checkout.succeed("up", "--expect-no-changes");
    });

    it("can be looked up by its label, as the manual says", () => {
        const commands = manual.match(/^docker .* --filter label=metrics-stack\.stack$/gm) ?? [];
        assert.equal(commands.length, 3);
        for (const command of commands) {
            assert.ok(docker(...command.split(" ").slice(1)).includes(checkout.stack), command);
        }
    });

    step("comes once that is lifted; with retainData: false nothing stays", async () => {
        checkout.declare({ ...declared, protect: false });
        await checkout.succeed("up");
        assert.doesNotMatch(await checkout.succeed("down"), /docker (rm|network|volume)/);
        assert.deepEqual(objects(), []);
    });

    step("that Pulumi knows nothing of any more is listed with the commands that delete it", async () => {
        await checkout.succeed("up");
        await checkout.succeed(...removeFromState);
        const text = await checkout.succeed("down");
        const commands = [...text.matchAll(/^(?: {2}|To delete them for good: )(docker .* rm .*|docker rm .*)$/gm)];
        assert.equal(commands.length, 4, text);
        for (const [, command = ""] of commands) {
            assert.equal((await checkout.run("sh", ["-c", command])).status, 0, command);
        }
        assert.deepEqual(objects(), []);
    });
});

describe("A stack whose Docker host is gone for good", function () {
    this.timeout(180_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    let engine: Engine | undefined;

    before(async function () {
        needsSecondEngine(this);
        engine = new Engine();
        await engine.load(images.prometheus);
        checkout.declare({ ...(await declaration({ protect: true })), dockerHost: engine.host });
        await checkout.succeed("up");
        await engine.remove();
    });

    after(async () => {
        await engine?.remove();
        checkout.remove();
    });

    it("cannot be destroyed: there is nobody to ask", async () => {
        const { status, text } = await checkout.npm("pulumi", "destroy", "--yes", "--skip-preview");
        assert.notEqual(status, 0);
        assert.match(text, /No Docker engine answers at unix:/);
    });

    step("is removed from the state, protected or not, and keeps its stack file", async () => {
        await checkout.succeed(...removeFromState);
        assert.ok(existsSync(path.join(checkout.folder, `Pulumi.${checkout.stack}.yaml`)));
    });

    step("is deployed to another host as a new one", async () => {
        checkout.declare(await declaration());
        const text = await checkout.succeed("preview", "--json");
        const { changeSummary } = JSON.parse(text.slice(text.indexOf("{"))) as {
            changeSummary: Record<string, number>;
        };
        assert.deepEqual(Object.keys(changeSummary), ["create"]);
    });
});
