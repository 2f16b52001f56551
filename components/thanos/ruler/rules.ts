import { readOwnRules } from "../../../config/ownRules";
import type { Lenient } from "../../../config/schema/lenient";
import type { UserFiles } from "../../../config/schema/part";
import type { Rules } from "../../../config/schema/rules";

/** Folder of the ruler's rule files in a release: its flag has one pattern for all of them, which enters no other folder. */
export const rulesFolder = "rules";

/** The file of a release that is one of the repository, by its path there: "rules/a/shop.yml" is "rules/rules%2Fa%2Fshop.yml". */
export const ruleFile = (path: string) => `${rulesFolder}/${path.replace(/[%/]/g, encodeURIComponent)}`;

/** Reads the rules of the ruler. */
export const rulesOf = (declared: Lenient<Pick<Rules, "files">>, files: UserFiles) =>
    readOwnRules(declared, files, { path: ["thanos", "ruler", "rules"], reader: "Thanos Ruler" });
