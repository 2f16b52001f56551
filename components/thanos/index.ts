import { definePartGroup } from "../part";
import { compactor } from "./compactor";
import { query } from "./query";
import { receive } from "./receive";
import { queryFrontend } from "./queryFrontend";
import { ruler } from "./ruler";
import { thanosSchema } from "./settings";
import { sidecar } from "./sidecar";
import { store } from "./store";

/** Long-term storage, and queries over several stacks. Source: https://thanos.io/tip/thanos/quick-tutorial.md/ */
export const thanos = definePartGroup({
    key: "thanos",
    settings: thanosSchema,
    // Query comes after those whom it asks, and who asks it after Query.
    parts: [sidecar, store, receive, ruler, query, queryFrontend, compactor],
});
