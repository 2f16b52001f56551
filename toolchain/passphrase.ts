import { createDecipheriv, pbkdf2 } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";

/** The passphrase that Pulumi reads from the environment. @returns undefined where it would ask for one */
export function passphraseOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
    const { PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE } = env;
    if (PULUMI_CONFIG_PASSPHRASE !== undefined || !PULUMI_CONFIG_PASSPHRASE_FILE) {
        return PULUMI_CONFIG_PASSPHRASE;
    }
    try {
        return readFileSync(PULUMI_CONFIG_PASSPHRASE_FILE, "utf8").trim();
    } catch {
        return undefined; // Why it cannot be read, Pulumi says.
    }
}

const derive = promisify(pbkdf2);

/**
 * Whether secrets were encrypted with a passphrase. It takes some tenths of a second, as whoever guesses one is to feel.
 * Source: https://github.com/pulumi/pulumi/blob/master/pkg/secrets/passphrase/manager.go
 * @param salt as stack files and states have it, "v1:<salt>:v1:<nonce>:<a known word, encrypted>", each in base64
 */
export async function isPassphraseOf(salt: string, passphrase: string): Promise<boolean> {
    const [, seed = "", , nonce = "", encrypted = ""] = salt.split(":");
    const text = Buffer.from(encrypted, "base64");
    try {
        const key = await derive(passphrase, Buffer.from(seed, "base64"), 1_000_000, 32, "sha256");
        const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
        decipher.setAuthTag(text.subarray(-16));
        decipher.update(text.subarray(0, -16));
        decipher.final();
        return true;
    } catch {
        return false;
    }
}
