import { alertmanagerCases } from "./alertmanager";
import { applicationCases } from "./application";
import type { RuleCase } from "./case";
import { hostCases } from "./host";
import { probeCases } from "./probe";
import { prometheusCases } from "./prometheus";
import { targetCases } from "./targets";

export const cases: readonly RuleCase[] = [
    ...targetCases,
    ...hostCases,
    ...applicationCases,
    ...probeCases,
    ...prometheusCases,
    ...alertmanagerCases,
];
