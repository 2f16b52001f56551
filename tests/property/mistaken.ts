import assert from "node:assert/strict";
import { renderPrometheusFiles } from "../../components/prometheus/files";
import { secretFilesOf } from "../../config/render/scrapeConfig";
import { ConfigError } from "../../config/schema/problems";
import { privateKey } from "../certificates";
import type { Declared } from "../declaration";
import { parse } from "../declaration";
import { secretMark } from "./texts";

const keyBody = privateKey.split("\n")[1] ?? "";

/**
 * A declaration with mistakes is refused with the keys that are wrong and without a secret, or can be rendered.
 * @returns undefined if it was refused. Whatever else is thrown is a mistake of ours.
 */
export function assertRefusedOrUsable(raw: Readonly<Record<string, unknown>>): Declared | undefined {
    let config: Declared;
    try {
        config = parse(raw);
    } catch (error) {
        if (error instanceof ConfigError) {
            assertHelpful(error, raw);
            return undefined;
        }
        throw error;
    }
    renderPrometheusFiles(config, config.scrapeJobs);
    secretFilesOf(config.scrapeJobs);
    return config;
}

/** Many changes are none: a value that is as good as the one before. Most are mistakes, or their test tests nothing. */
export function assertTelling({ refused, accepted }: { readonly refused: number; readonly accepted: number }): void {
    assert.ok(refused > accepted, `${refused} were refused`);
    assert.ok(accepted > (refused + accepted) / 20, `${accepted} were accepted`);
}

/** Every line names a key of the declaration, or one of an object in it that is missing or has its default, and says what to do. */
function assertHelpful({ message, problems }: ConfigError, raw: unknown): void {
    const [summary = "", ...lines] = message.split("\n");
    assert.match(summary, /^\d+ mistakes? in the stack's configuration, nothing was changed:$/);
    assert.equal(lines.length, Number.parseInt(summary));
    for (const line of lines) {
        assert.match(line, /^ {2}metrics-stack:\S.*: .+$/);
        assert.ok(line.length < 1000, `${line.length} letters are no clear message`);
        // Words of the library that checks types, not of this project.
        assert.doesNotMatch(line, /Invalid|expected|undefined/i);
    }
    for (const { path, message: words } of problems) {
        assert.ok(
            stands(raw, path) || (stands(raw, path.slice(0, -1)) && /is missing|is no worse/.test(words)),
            path.join("."),
        );
    }
    assert.doesNotMatch(message, new RegExp(secretMark));
    assert.ok(!message.includes(keyBody), "the private key is in the message");
}

const stands = (value: unknown, [first, ...rest]: readonly PropertyKey[]): boolean =>
    first === undefined ||
    (typeof value === "object" &&
        value !== null &&
        Object.hasOwn(value, first) &&
        stands((value as Record<PropertyKey, unknown>)[first], rest));
