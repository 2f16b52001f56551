import { publishedJob } from "../../config/render/job";
import type { ScrapeJob } from "../../config/schema/scrapeJob";
import { dockerName } from "../dockerName";
import type { DataSource, PartImage, Rendered, StackResources } from "../part";
import type { Component, ComponentSettings } from "./container";
import { grpcPort, httpPort } from "./container";
import type { ThanosSettings } from "./settings";
import { standardImage } from "./settings";

/** What the components have in common. */

export const thanosImage: PartImage = {
    standard: standardImage,
    program: "thanos",
    fromPackages: async (reference) => (await import("./image")).importThanos(reference),
};

export const addressOf = (stack: string, role: string, port: number) => `${dockerName(stack, role)}:${port}`;

export const grpcAddress = (stack: string, role: string) => addressOf(stack, role, grpcPort);

export const jobNameOf = (role: string) => role.replaceAll("-", "_");

/** Its job, with the alerts and graphs of such a component. */
export const ownJob = (stack: string, role: string, component: ThanosComponent, { limits, scrapeJob }: Common) =>
    publishedJob(jobNameOf(role), addressOf(stack, role, httpPort), { thanos: { component, ...limits } }, scrapeJob);

type ThanosComponent = NonNullable<ScrapeJob["thanos"]>["component"];

type Common = Pick<ThanosSettings, "limits" | "scrapeJob">;

/** @param key that of a component */
export const isDeclared =
    (key: string) =>
    ({ thanos }: Readonly<Record<string, unknown>>): boolean =>
        (thanos as Readonly<Record<string, unknown>> | undefined)?.[key] !== undefined;

/** What Grafana asks where there is one of these. */
export const dataSource = (stack: string, role: string): DataSource => ({
    url: `http://${addressOf(stack, role, httpPort)}`,
    access: { scheme: "http" },
    type: "Thanos",
});

/** The resources of one, which load Pulumi. @param containerOf what its container differs in from those of the others */
export const running =
    <Settings extends ComponentSettings>(containerOf: (settings: Settings, resources: StackResources) => Component) =>
    async () => {
        const { deployComponent } = await import("./resources");
        return {
            deploy: (settings: Settings, rendered: Rendered, resources: StackResources) =>
                deployComponent(containerOf(settings, resources), settings, rendered, resources),
        };
    };
