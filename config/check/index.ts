import type { DeclaredPart, LenientDeclaration, Surroundings } from "../schema/part";
import { isOn } from "../schema/part";
import type { Problem } from "../schema/problems";
import { alertingMistakes } from "./alerting";
import { jobMistakes } from "./jobs";
import { labelMistakes } from "./labels";
import { unreachableLimits } from "./limits";
import { unknownNames } from "./names";
import { networkMistakes } from "./network";
import { ownJobMistakes } from "./ownJobs";
import { ownRuleMistakes } from "./ownRules";
import { otlpMistakes, remoteMistakes } from "./remoteStorage";
import { pairMistakes } from "./pair";
import { tracingMistakes } from "./tracing";
import { plainSecrets } from "./secrets";
import { settingMistakes } from "./scrapeSettings";
import { sharedVolumes } from "./volumes";

/**
 * The mistakes that only show when several keys are seen together.
 * @param declared what was read, also where single keys were refused
 * @param alerts the names of all alerts that there are
 */
export function crossCheck(
    declared: LenientDeclaration,
    surroundings: Surroundings,
    parts: readonly DeclaredPart[],
    alerts: readonly string[],
): Problem[] {
    const on = parts.filter((part) => isOn(declared, part));
    return [
        ...jobMistakes(declared, on),
        ...ownJobMistakes(declared, on),
        ...settingMistakes(declared),
        ...alertingMistakes(declared),
        ...remoteMistakes(declared),
        ...otlpMistakes(declared),
        ...pairMistakes(declared),
        ...tracingMistakes(declared),
        ...labelMistakes(declared, on),
        ...unreachableLimits(declared, on),
        ...unknownNames(declared, parts, alerts),
        ...ownRuleMistakes(declared, surroundings, on, alerts),
        ...networkMistakes(declared, on),
        ...sharedVolumes(declared, on),
        ...parts.flatMap((part) => part.check?.(declared, surroundings) ?? []),
        ...plainSecrets(declared, surroundings),
    ];
}
