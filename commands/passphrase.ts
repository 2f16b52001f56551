import * as path from "node:path";
import { project } from "../toolchain/checkout";
import { isPassphraseOf, passphraseOf } from "../toolchain/passphrase";
import { ToolError } from "../toolchain/process";
import { readCheckpoint } from "../toolchain/state";
import { forgetSalt, saltIn, stackFileName } from "./stackFileCopy";

/**
 * Sees to it that the passphrase is the right one, before Pulumi is asked for anything.
 * @param copy of the stack file
 * @throws ToolError where secrets were encrypted with another passphrase
 */
export async function checkPassphrase(
    stack: string,
    copy: string,
    env: Readonly<Record<string, string>>,
): Promise<void> {
    const passphrase = passphraseOf({ ...process.env, ...env });
    if (passphrase === undefined) {
        return;
    }
    // Mostly all have one and the same, and to try one takes time.
    const tried = new Map<string, Promise<boolean>>();
    const fits = (salt: string | undefined) => {
        if (salt !== undefined && !tried.has(salt)) {
            tried.set(salt, isPassphraseOf(salt, passphrase));
        }
        return salt === undefined || tried.get(salt);
    };
    const stackFile = stackFileName(stack);
    const declared = saltIn(path.join(project, stackFile));
    if (!(await fits(declared))) {
        throw wrong(stackFile);
    }
    // That of the checkout's own state is never another one.
    if ("PULUMI_CONFIG_PASSPHRASE_FILE" in env) {
        return;
    }
    if (!(await fits(readCheckpoint(stack, env)?.secrets_providers?.state?.salt))) {
        throw wrong("the state");
    }
    // What the copy alone has is of a state that was here before, as before a change of the backend.
    if (declared === undefined && !(await fits(saltIn(copy)))) {
        forgetSalt(copy);
    }
}

const wrong = (whose: string) =>
    new ToolError(
        `incorrect passphrase: the secrets of ${whose} were encrypted with another one; set PULUMI_CONFIG_PASSPHRASE or ` +
            "PULUMI_CONFIG_PASSPHRASE_FILE to that one (docs/troubleshooting.md).",
    );
