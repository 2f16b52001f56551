import type { ThanosComponent } from "../../../schema/profiles";
import type { ScrapeJob } from "../../../schema/scrapeJob";
import { bucketUsers, mayBe, queriers, shippers, storeApis } from "../../rules/thanos";
import type { Dashboard, DashboardSettings } from "../dashboard";
import { dashboard, targetVariables } from "../dashboard";
import { limitsOf, watchedBy } from "../limits";
import { bucket, compactor, shipping } from "./bucket";
import { now } from "./now";
import { query, stores } from "./query";
import { receive } from "./receive";
import { ruler } from "./ruler";
import type { Thanos } from "./section";

export const thanosUid = "metrics-stack-thanos";
export const thanosTitle = "Thanos";

/** The components of Thanos behind the jobs that declare `thanos`: what a section is about is one of them. */
export function thanosDashboard(settings: DashboardSettings, jobs: readonly ScrapeJob[]): Dashboard {
    const having = (components: readonly ThanosComponent[]) => jobs.filter((job) => mayBe(job, components));
    const thanos: Thanos = {
        has: (components) => having(components).length > 0,
        limit: (components, alert, unit) => limitsOf(settings, having(components))({ alert, unit }),
        watched: (alert) => watchedBy(settings, alert),
    };
    const { has } = thanos;
    return dashboard(settings, {
        uid: thanosUid,
        title: thanosTitle,
        description: "Whether queries are answered, blocks reach the bucket, and the compactor keeps up.",
        variables: targetVariables(jobs),
        jobs,
        sections: {
            Now: now(thanos),
            ...(has(queriers) && { Query: query(thanos) }),
            ...(has(storeApis) && { "Store APIs": stores(thanos) }),
            ...(has(bucketUsers) && { Bucket: bucket(thanos) }),
            ...(has(shippers) && { Shipping: shipping(thanos) }),
            ...(has(["compactor"]) && { Compactor: compactor(thanos) }),
            ...(has(["receive"]) && { Receive: receive(thanos) }),
            ...(has(["ruler"]) && { Ruler: ruler(thanos) }),
        },
    });
}
