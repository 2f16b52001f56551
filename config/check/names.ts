import type { Problem } from "../schema/problems";
import { nearestOf, show } from "../schema/problems";
import { builtInProfiles } from "../schema/profiles";
import { alertNames } from "../render/rules";
import type { Declaration } from "./read";

/** The profiles and the alerts that are spoken of and do not exist. */
export function unknownNames(read: Declaration): Problem[] {
    return [...profiles(read), ...disabledAlerts(read)];
}

function profiles({ scrapeJobs, webBe, applicationProfiles }: Declaration): Problem[] {
    const known = [...Object.keys(builtInProfiles), ...Object.keys(applicationProfiles)];
    const used = [
        { path: ["webBe"], application: webBe.application },
        ...scrapeJobs.map((each, i) => ({ path: ["scrapeJobs", i], application: each.application })),
    ];
    return used.flatMap(({ path, application: { profile } = {} }) =>
        profile === undefined || known.includes(profile)
            ? []
            : [{ path: [...path, "application", "profile"], message: unknownWord(profile, "profile", known) }],
    );
}

/** A misspelled alert would go on firing. */
function disabledAlerts({ alerts }: Declaration): Problem[] {
    const known = alertNames();
    return alerts.disabled.flatMap((name, i) =>
        name === undefined || known.includes(name)
            ? []
            : [{ path: ["alerts", "disabled", i], message: unknownWord(name, "alert", known) }],
    );
}

function unknownWord(word: string, what: string, known: readonly string[]): string {
    const nearest = nearestOf(word, known);
    const advice = nearest === undefined ? `write one of ${known.join(", ")}` : `did you mean ${nearest}?`;
    return `${show(word)} is no ${what}; ${advice}`;
}
