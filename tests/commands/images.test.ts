import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { missingParts, provideImages } from "../../commands/images";
import { leftOut } from "../../config/schema/part";
import { parts } from "../../components/parts";

/** With a docker that says what the test has it say, on an engine that has every image but those of optional parts. */
describe("A part whose image cannot be had", () => {
    let folder: string;
    let stackFile: string;
    const { PATH } = process.env;
    const optional = parts.filter(({ image }) => !image.fromPackages);

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-images-"));
        stackFile = path.join(folder, "Pulumi.dev.yaml");
        writeFileSync(stackFile, "config: {}\n");
        process.env.PATH = `${folder}:${PATH}`;
        engineHas({});
    });
    afterEach(() => {
        process.env.PATH = PATH;
        rmSync(folder, { recursive: true });
    });

    function engineHas({ containers = [], volumes = [] }: { containers?: string[]; volumes?: string[] }): void {
        const wanting = optional.map(({ image }) => image.standard).join("|");
        const script = `#!/bin/sh
case "$*" in
"image inspect "*) case "$3" in ${wanting}) exit 1 ;; esac ;;
pull*) echo "toomanyrequests: You have reached your pull rate limit" >&2 && exit 1 ;;
"ps --all "*) printf '%s\\n' ${containers.join(" ")} ;;
"volume ls "*) printf '%s\\n' ${volumes.join(" ")} ;;
*) exit 99 ;;
esac
`;
        writeFileSync(path.join(folder, "docker"), script);
        chmodSync(path.join(folder, "docker"), 0o755);
    }

    it("is left out where it was never deployed", async () => {
        engineHas({ containers: ["metrics-stack-dev-prometheus", "metrics-stack-prod-grafana"] });
        const without = await provideImages("dev", stackFile, "auto");
        assert.deepEqual(Object.keys(without), optional.map(leftOut));
        assert.deepEqual(
            missingParts("dev", stackFile, "auto").map(({ part }) => part),
            optional,
        );
    });

    for (const part of optional) {
        const name = `metrics-stack-dev-${part.role}`;
        for (const [what, there] of [
            ["its container is there", { containers: [name] }],
            ["its configuration is there", { volumes: [`${name}-config`] }],
            ["its data is there", { volumes: [`${name}-data`] }],
        ] as const) {
            it(`is not left out where ${what}: nothing goes on, and what to do is said (${part.key})`, async () => {
                engineHas({ containers: [], volumes: [], ...there } as never);
                await assert.rejects(provideImages("dev", stackFile, "auto"), (error: Error) => {
                    assert.match(error.message, /^The image \S+ cannot be pulled/);
                    assert.match(error.message, new RegExp(`Nothing was changed: ${part.title} was deployed before`));
                    assert.match(error.message, new RegExp(`metrics-stack:${part.key}\\.enabled: false`));
                    return true;
                });
                assert.deepEqual(missingParts("dev", stackFile, "auto"), []);
            });
        }
    }
});
