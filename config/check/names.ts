import type { Problem } from "../schema/problems";
import { at, instead, oneOfThose, show } from "../schema/problems";
import type { DeclaredPart, LenientDeclaration } from "../schema/part";
import { commonKeys, pathOf } from "../schema/part";
import { builtInProfiles } from "../schema/profiles";
import { allJobs, pushedOnes } from "./targets";

/**
 * The profiles and the alerts that are spoken of and do not exist.
 * @param alerts the names of all that there are
 */
export function unknownNames(
    declared: LenientDeclaration,
    parts: readonly DeclaredPart[],
    alerts: readonly string[],
): Problem[] {
    return [...profiles(declared, parts), ...disabledAlerts(declared, alerts)];
}

function profiles(declared: LenientDeclaration, parts: readonly DeclaredPart[]): Problem[] {
    const known = [...Object.keys(builtInProfiles), ...Object.keys(declared.applicationProfiles ?? {})];
    const used = [
        ...parts.map((part) => ({
            application: commonKeys(declared, part).application,
            locate: (problem: Problem) => at(pathOf(part), problem),
        })),
        ...allJobs(declared, parts).map(({ job: { application }, locate }) => ({ application, locate })),
        ...pushedOnes(declared),
    ];
    return used.flatMap(({ locate, application: { profile } = {} }) =>
        profile === undefined || known.includes(profile)
            ? []
            : [
                  locate({
                      path: ["application", "profile"],
                      message: unknownWord(profile, "profile", known, "docs/configuration.md"),
                  }),
              ],
    );
}

/** A misspelled alert would go on firing. */
function disabledAlerts({ alerts }: LenientDeclaration, known: readonly string[]): Problem[] {
    return (alerts?.disabled ?? []).flatMap((name, i) =>
        name === undefined || known.includes(name)
            ? []
            : [
                  {
                      path: ["alerts", "disabled", i],
                      message: unknownWord(name, "alert", known, "docs/runbooks/README.md"),
                  },
              ],
    );
}

function unknownWord(word: string, what: string, known: readonly string[], page: string): string {
    return `${show(word)} is no ${what}; ${instead(word, known, oneOfThose(known, page))}`;
}
