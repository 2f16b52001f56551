import { alertmanagerCases } from "./alertmanager";
import { applicationCases } from "./application";
import type { RuleCase } from "./case";
import { collectorCases } from "./collector";
import { containerCases } from "./container";
import { hostCases } from "./host";
import { probeCases } from "./probe";
import { prometheusCases } from "./prometheus";
import { targetCases } from "./targets";
import { thanosCases } from "./thanos";

export const cases: readonly RuleCase[] = [
    ...targetCases,
    ...hostCases,
    ...containerCases,
    ...applicationCases,
    ...probeCases,
    ...thanosCases,
    ...prometheusCases,
    ...alertmanagerCases,
    ...collectorCases,
];
