import type { LenientDeclaration } from "../../config/schema/part";
import { commonKeys } from "../../config/schema/part";
import type { Problem } from "../../config/schema/problems";
import { askedLists } from "./asked";

/** Who asks for what it answers needs it. */
export const checkDockerProxy = (declared: LenientDeclaration): Problem[] => {
    const message =
        "is false, and discoveries of Docker ask it; leave it out, or write the host of each, and labelledContainers.enabled: false";
    return commonKeys(declared, { key: "dockerProxy" }).enabled === false && askedLists(declared).length > 0
        ? [{ path: ["dockerProxy", "enabled"], message }]
        : [];
};
