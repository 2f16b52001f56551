import assert from "node:assert/strict";
import { WebBe } from "../../../components/webBe/resources";
import { webBeImage } from "../../../components/webBe/source";
import { ownJob } from "../../declaration";
import { inputsOf, registered, types } from "../../setup";
import { common, network, stack } from "../declared";

describe("WebBe", () => {
    it("declares the example's image and container, and publishes a job by the container's name", async () => {
        const scrapeJob = ownJob("web_be");
        new WebBe("web-be", {
            stack,
            image: webBeImage(),
            port: 8000,
            bindAddress: "127.0.0.1",
            memoryLimit: 256 * 2 ** 20,
            network: network(),
        });
        await registered();
        const { image: reference } = inputsOf(types.container, "web-be");
        assert.match(String(reference), /^metrics-stack\/web-be:[0-9a-f]{12}$/);
        const { environment } = inputsOf(types.command, "web-be-build");
        assert.deepEqual(environment, { IMAGE: reference });
        const { healthcheck, ...container } = inputsOf(types.container, "web-be");
        assert.deepEqual(container, {
            ...common,
            name: "metrics-stack-test-web-be",
            image: reference,
            memory: 256,
            memorySwap: 256,
            securityOpts: ["no-new-privileges:true"],
            networkMode: "bridge",
            networksAdvanced: [{ name: "metrics-stack-test" }],
            ports: [{ internal: 8000, external: 8000, ip: "127.0.0.1" }],
            destroyGraceSeconds: 10,
        });
        assert.ok(JSON.stringify(healthcheck).includes("/healthz"));
        assert.deepEqual(
            [scrapeJob.jobName, scrapeJob.staticConfigs[0]?.targets],
            ["web_be", ["metrics-stack-test-web-be:8000"]],
        );
    });
});
