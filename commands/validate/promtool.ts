import * as path from "node:path";
import type { Attempt, Observation } from "../../components/observation";
import { filesOnly, question, refusals } from "../../components/observation";
import { alertmanagersOf, jobsOf } from "../../config/ownJobs";
import type { StackConfig } from "../../config/stackConfig";
import { project } from "../../toolchain/checkout";
import { dockerEnvironment, ensureEngine } from "../../toolchain/engine";
import { provideImage } from "../../toolchain/images/provide";
import { toolchainMode } from "../../toolchain/mode";
import { output, ToolError } from "../../toolchain/process";
import type { Stack } from "./stack";
import type { Mistake } from "./stackFile";

/**
 * Has promtool and amtool of the images that a stack runs read what would be written, as a preview does on its Docker host:
 * here on this machine's engine, so that it needs neither the host nor a secret.
 * @returns what they refuse
 * @throws ToolError where they cannot be asked
 */
export async function askPromtool(stack: Stack, config: StackConfig): Promise<Mistake[]> {
    Object.assign(process.env, dockerEnvironment());
    await ensureEngine();
    await provideImage(config.prometheus.image, toolchainMode());
    if (config.alertmanager) {
        await provideImage(config.alertmanager.image, toolchainMode());
    }
    const asked = filesOnly(question(config, jobsOf(config), alertmanagersOf(config)));
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
    return refusals(config, asked, JSON.parse(said) as Observation, found).map(stack.locate);
}
