import * as path from "node:path";
import type { Attempt, Observation } from "../../components/observation";
import { filesOnly, question, refusals } from "../../components/observation";
import type { PlannedStack } from "../../components/planned";
import { commonKeys } from "../../config/schema/part";
import type { Mistake } from "../../config/stackFile";
import { project } from "../../toolchain/checkout";
import { dockerEnvironment } from "../../toolchain/context";
import { ensureEngine } from "../../toolchain/engine";
import { provideImage } from "../../toolchain/images/provide";
import { toolchainMode } from "../../toolchain/mode";
import { output, ToolError } from "../../toolchain/process";
import { imageSource } from "../images";
import type { Stack } from "./stack";

/**
 * Has promtool and amtool of the images that a stack runs read what would be written, as a preview does on its Docker host:
 * here on this machine's engine, so that it needs neither the host nor a secret.
 * @returns what they refuse
 * @throws ToolError where they cannot be asked
 */
export async function askPromtool(stack: Stack, plan: PlannedStack): Promise<Mistake[]> {
    Object.assign(process.env, dockerEnvironment());
    await ensureEngine();
    for (const { part, settings } of plan.parts.filter(({ part }) => part.configuration?.tool !== undefined)) {
        const declared = commonKeys({ [part.key]: settings }, part);
        await provideImage(imageSource(part, declared, plan.config.imageRegistry), toolchainMode());
    }
    const asked = filesOnly(question(plan));
    const said = output(process.execPath, [path.join("components", "delivery", "observe.js")], {
        cwd: project,
        input: JSON.stringify(asked),
    });
    const found = <Found>(attempt: Attempt<Found>, what: string): Found[] => {
        if ("unknown" in attempt) {
            throw new ToolError(`${stack.file}: not checked: ${what}. ${attempt.unknown}`);
        }
        return [attempt.found];
    };
    return refusals(plan, JSON.parse(said) as Observation, found).map(stack.locate);
}
