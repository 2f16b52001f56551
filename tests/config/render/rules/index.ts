import { alertmanagerCases } from "./alertmanager";
import { applicationCases } from "./application";
import type { RuleCase } from "./case";
import { hostCases } from "./host";
import { prometheusCases } from "./prometheus";
import { targetCases } from "./targets";

export const cases: readonly RuleCase[] = [
    ...targetCases,
    ...hostCases,
    ...applicationCases,
    ...prometheusCases,
    ...alertmanagerCases,
];
