import { mistakesIn } from "../../../config/check/ownRules";
import { alertNames } from "../../../config/render/rules";
import type { Alerting } from "../../../config/schema/alerting";
import type { Lenient } from "../../../config/schema/lenient";
import type { LenientDeclaration, UserFiles } from "../../../config/schema/part";
import type { Problem } from "../../../config/schema/problems";
import { knownKeys } from "./alertmanagers";
import { needsQuery, tooShort } from "../check";
import { rulesOf } from "./rules";
import type { RulerSettings, ThanosSettings } from "../settings";

/** What is wrong with the ruler beside the rest of the stack. */
export function checkRuler(declared: LenientDeclaration, files: UserFiles): Problem[] {
    const { objectStorage, ruler } = (declared.thanos ?? {}) as Lenient<ThanosSettings>;
    return ruler === undefined
        ? []
        : [
              ...needsQuery("ruler", "asks")(declared),
              ...noFiles(ruler),
              ...mistakesIn(rulesOf(ruler.rules ?? {}, files), declared, alertNames()),
              ...labelMistakes(ruler, declared),
              ...alertmanagerMistakes(declared.alerting),
              ...(objectStorage === undefined ? [] : tooShort(["thanos", "ruler"], ruler.retentionTime)),
          ];
}

type Ruler = Lenient<Pick<RulerSettings, "labels" | "rules">>;

/** Of one that was refused something else is told. */
const noFiles = ({ rules }: Ruler): Problem[] =>
    rules?.files?.length === 0
        ? [
              {
                  path: ["thanos", "ruler", "rules", "files"],
                  message: 'names no file; write the paths of some, such as ["rules/everywhere/*.yml"]',
              },
          ]
        : [];

/**
 * A label of the ruler takes the place of one that a series has. Both of a pair have the same, but for `replica`.
 * Source: https://thanos.io/tip/components/rule.md/#must-have-essential-ruler-alerts (external labels)
 */
function labelMistakes(ruler: Ruler, { externalLabels = {}, pair }: LenientDeclaration): Problem[] {
    const path = ["thanos", "ruler", "labels"];
    if (!("labels" in ruler)) {
        const message = 'is missing beside pair; write one that both have, such as {ruler: "everywhere"}';
        return pair === undefined ? [] : [{ path, message }];
    }
    const taken = new Set([...Object.keys(externalLabels), "stack", ...(pair ? ["replica"] : [])]);
    return Object.keys(ruler.labels ?? {})
        .filter((name) => taken.has(name))
        .map((name) => ({
            path: [...path, name],
            message: `is a label by which the samples of stacks are told apart: what is recorded would lose it; write another one, such as "ruler"`,
        }));
}

/** What Prometheus can do to find and ask an Alertmanager, and Thanos cannot. */
const alertmanagerMistakes = (alerting: Lenient<Alerting> | undefined): Problem[] =>
    (alerting?.alertmanagers ?? []).flatMap((group = {}, i) => {
        const { authorization, tlsConfig } = group;
        const unknown = [
            ...Object.keys(group).filter((key) => !(knownKeys as readonly string[]).includes(key)),
            ...(authorization?.type !== undefined && authorization.type !== "Bearer" ? ["authorization.type"] : []),
            ...Object.keys(tlsConfig ?? {}).flatMap((key) =>
                /^m(in|ax)Version$/.test(key) ? [`tlsConfig.${key}`] : [],
            ),
        ];
        return unknown.map((key) => ({
            path: ["alerting", "alertmanagers", i, ...key.split(".")],
            message: `is not known to Thanos, and thanos.ruler sends its alerts there too; leave it out: it knows ${knownKeys.join(", ")}`,
        }));
    });
