import assert from "node:assert/strict";
import fc from "fast-check";
import { ConfigError } from "../../config/schema/problems";
import { renderPrometheusFiles, secretFilesOf } from "../../components/prometheus/files";
import type { StackConfig } from "../../config/stackConfig";
import { privateKey } from "../certificates";
import { parse } from "../declaration";
import { mistaken } from "./mutations";
import { runs } from "./runs";
import { secretMark } from "./texts";

const keyBody = privateKey.split("\n")[1] ?? "";

describe(`${runs.numRuns} declarations with mistakes`, function () {
    this.timeout(120_000);

    it("are each refused with the keys that are wrong and without a secret, or can be rendered", () => {
        const counts = { refused: 0, accepted: 0 };
        fc.assert(
            fc.property(mistaken, (raw) => {
                const result = attempt(raw);
                if (result instanceof ConfigError) {
                    counts.refused++;
                    assertHelpful(result, raw);
                } else {
                    counts.accepted++;
                    renderPrometheusFiles(result, result.scrapeJobs);
                    secretFilesOf(result.scrapeJobs);
                }
            }),
            runs,
        );
        assert.equal(counts.refused + counts.accepted, runs.numRuns);
        // Many changes are none: a value that is as good as the one before. Most are mistakes, or this test tests nothing.
        assert.ok(counts.refused > runs.numRuns / 2, `${counts.refused} were refused`);
        assert.ok(counts.accepted > runs.numRuns / 20, `${counts.accepted} were accepted`);
    });
});

/** What becomes of a declaration. Whatever else is thrown is a mistake of ours. */
function attempt(raw: Readonly<Record<string, unknown>>): StackConfig | ConfigError {
    try {
        return parse(raw);
    } catch (error) {
        if (error instanceof ConfigError) {
            return error;
        }
        throw error;
    }
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
