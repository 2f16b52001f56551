import { publishedJob } from "../../config/render/job";
import type { ScrapeJob } from "../../config/schema/scrapeJob";
import { dockerName } from "../dockerName";
import type { PartImage } from "../part";
import { grpcPort, httpPort } from "./container";
import { standardImage } from "./settings";

/** What the components have in common. */

export const thanosImage: PartImage = {
    standard: standardImage,
    program: "thanos",
    fromPackages: async (reference) => (await import("./image")).importThanos(reference),
};

export const addressOf = (stack: string, role: string, port: number) => `${dockerName(stack, role)}:${port}`;

export const grpcAddress = (stack: string, role: string) => addressOf(stack, role, grpcPort);

/** Its job, with the alerts and graphs of such a component. */
export const ownJob = (stack: string, thanos: ScrapeJob["thanos"], jobName: string, role: string) =>
    publishedJob(jobName, addressOf(stack, role, httpPort), { thanos });

/** @param key that of a component */
export const isDeclared =
    (key: string) =>
    ({ thanos }: Readonly<Record<string, unknown>>): boolean =>
        (thanos as Readonly<Record<string, unknown>> | undefined)?.[key] !== undefined;

/** Loads Pulumi. */
export const deploying = async () => (await import("./resources")).deployComponent;
