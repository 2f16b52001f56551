import type { YAMLMap } from "yaml";
import { isScalar, isSeq } from "yaml";
import { anchored } from "../../config/schema/re2";
import { fieldsOf } from "../../config/schema/relabelConfig";
import { camelCase } from "../../config/schema/problems";
import type { Note } from "./notes";
import { note } from "./notes";
import { keyOf, mapsIn, textOf } from "./source";

/** Where rules stand. */
const lists = ["relabel_configs", "metric_relabel_configs", "alert_relabel_configs", "write_relabel_configs"];

/** Prometheus passes over what a rule has and its action does not read. Here that is refused, and left out before. */
export function importRules(map: YAMLMap, what: string, say: (said: Note) => void): void {
    for (const name of lists) {
        const list = map.get(name, true);
        mapsIn(list).forEach((rule) => importRule(rule, `${what}: ${name}`, say));
        if (isSeq(list)) {
            list.items = list.items.filter((rule) => !isIdle(rule as YAMLMap, `${what}: ${name}`, say));
        }
    }
}

const actionOf = (rule: YAMLMap) => (textOf(rule.get("action", true)) ?? "replace").toLowerCase();

function importRule(rule: YAMLMap, what: string, say: (said: Note) => void): void {
    const action = rule.get("action", true);
    if (isScalar(action)) {
        action.value = actionOf(rule);
    }
    const read = fieldsOf(actionOf(rule));
    rule.items = rule.items.filter((pair) => {
        const isRead = read === undefined || ["action", ...read].includes(camelCase(keyOf(pair)));
        if (!isRead) {
            say(
                note(
                    "changed",
                    pair.key,
                    what,
                    `${keyOf(pair)} is not read by the action ${actionOf(rule)}, and is left out`,
                ),
            );
        }
        return isRead;
    });
}

/** A rule that keeps, or drops, by no label at all decides by an empty text. */
function isIdle(rule: YAMLMap, what: string, say: (said: Note) => void): boolean {
    const action = actionOf(rule);
    const sources = rule.get("source_labels", true);
    const hasSources = isSeq(sources) && sources.items.length > 0;
    const isMatch = anchored(textOf(rule.get("regex", true)) ?? "(.*)")?.match("") !== undefined;
    const idle = !hasSources && ((action === "keep" && isMatch) || (action === "drop" && !isMatch));
    if (idle) {
        say(
            note("changed", rule, what, `the action ${action} without source_labels does nothing, and is left out`, [
                what,
            ]),
        );
    }
    return idle;
}
