import type { Pair, YAMLMap } from "yaml";
import { isSeq } from "yaml";
import { camelCase } from "../../config/schema/problems";
import { remoteName } from "../../config/schema/remoteStorage";
import { asInContainer } from "./addresses";
import type { Beside } from "./converted";
import type { Note } from "./notes";
import { note } from "./notes";
import { placeholders } from "./placeholders";
import { importRules } from "./relabeling";
import { keyOf, mapsIn, textOf } from "./source";
import type { Schema } from "./words";
import { declare, rename, shapeOf, strange } from "./words";

/** Where samples are sent to and read from: `remote_write` and `remote_read`. */
export function importRemoteStorage(pair: Pair, { find }: Beside, stack: Schema, say: (said: Note) => void): Pair[] {
    const word = keyOf(pair);
    if (!isSeq(pair.value)) {
        strange(pair, "list", say);
        return [];
    }
    const key = camelCase(word);
    const schema = shapeOf(stack).keys?.[key];
    mapsIn(pair.value).forEach((each, i) => {
        const what = `${word}[${i}]`;
        placeholders(each).forEach(say);
        asInContainer(each, what, [what], say);
        importRules(each, what, say);
        say(named(each, what));
        if (word === "remote_write") {
            each.set("sendAlerts", true); // As Prometheus does.
        }
        declare(each, schema && shapeOf(schema).items, { what, find, say });
    });
    rename(pair, key);
    return mapsIn(pair.value).length > 0 ? [pair] : [];
}

/** Prometheus takes the beginning of a checksum for a name. */
function named(remote: YAMLMap, what: string): Note {
    const url = textOf(remote.get("url", true)) ?? "";
    if (remote.has("name") || !URL.canParse(url)) {
        return note("moved", remote, what);
    }
    const words = `it is called ${remoteName({ url })} in its metrics, and no checksum any more`;
    return note("changed", remote, what, words, [`${what}: name`]);
}
