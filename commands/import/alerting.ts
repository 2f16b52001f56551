import type { Pair, YAMLMap } from "yaml";
import { isMap, isSeq } from "yaml";
import type { Beside } from "./converted";
import type { Note } from "./notes";
import { note } from "./notes";
import { placeholders } from "./placeholders";
import { importRules } from "./relabeling";
import { keyOf, mapsIn, taken, textOf } from "./source";
import { importAddress, targetsIn } from "./targets";
import type { Schema } from "./words";
import { declare, shapeOf, strange } from "./words";

const what = "alertmanagers";

/** Whom Prometheus sends alerts to: those elsewhere, since the stack's own is known. */
export function importAlerting(pair: Pair, beside: Beside, stack: Schema, say: (said: Note) => void): Pair[] {
    const alerting = pair.value;
    if (!isMap(alerting)) {
        strange(pair, "object", say);
        return [];
    }
    const groups = alerting.get("alertmanagers", true);
    if (isSeq(groups)) {
        groups.items = groups.items.filter((group) => isMap(group) && isElsewhere(group, beside, say));
        if (groups.items.length === 0) {
            taken(alerting, "alertmanagers");
        }
    }
    importRules(alerting, "alerting", say);
    placeholders(alerting).forEach(say);
    declare(alerting, shapeOf(stack).keys?.alerting, { what: "alerting", find: beside.find, say });
    mapsIn(groups).forEach((group) => say(note("moved", group, what)));
    return alerting.items.length > 0 ? [pair] : [];
}

/** Whether a group has anybody who is not the stack's own. */
function isElsewhere(group: YAMLMap, { partAt }: Beside, say: (said: Note) => void): boolean {
    const version = taken(group, "api_version");
    if (version && textOf(version.value) === "v1") {
        say(note("changed", version.value, what, "api_version v1 is not spoken by Prometheus 3: it is v2", [what]));
    }
    for (const each of mapsIn(group.get("static_configs", true))) {
        const targets = each.get("targets", true);
        if (isSeq(targets)) {
            targets.items = targets.items.filter((target) => {
                const isOwn = partAt(textOf(target) ?? "") === "alertmanager";
                if (isOwn) {
                    say(note("changed", target, what, `${textOf(target)} is the stack's own Alertmanager now`, [what]));
                }
                return !isOwn;
            });
        }
    }
    const groups = group.get("static_configs", true);
    if (isSeq(groups)) {
        groups.items = groups.items.filter((each) => targetsIn(each).length > 0);
        targetsIn(groups).forEach((target) => importAddress(target, "", what, say));
    }
    importRules(group, what, say);
    return targetsIn(groups).length > 0 || group.items.some((each) => keyOf(each).endsWith("_sd_configs"));
}
