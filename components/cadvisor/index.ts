import { publishedJob } from "../../config/render/job";
import { dockerName } from "../dockerName";
import { misplacedInstance } from "../hostInstance";
import { definePart } from "../part";
import { containerPort, lookInterval } from "./container";
import { cadvisorSchema, standardImage } from "./settings";

export const cadvisor = definePart({
    key: "cadvisor",
    title: "cAdvisor",
    role: "cadvisor",
    settings: cadvisorSchema,
    jobName: "cadvisor",
    check: (declared) => misplacedInstance(declared, "cadvisor"),
    image: {
        standard: standardImage,
        program: "cadvisor",
        fromPackages: async (reference) => (await import("./image")).importCadvisor(reference),
    },
    plan: ({ container, dockerSocket, instance, scrapeJob }, { stack, hostName, scrapeInterval }) => ({
        asks: { name: dockerSocket, path: ["cadvisor", "dockerSocket"] },
        publishes: {
            jobs: [
                {
                    ...publishedJob(
                        "cadvisor",
                        `${dockerName(stack, "cadvisor")}:${containerPort}`,
                        { container },
                        { ...scrapeJob, labels: { ...scrapeJob.labels, instance: instance ?? hostName } },
                    ),
                    // More often there is nothing new, and a rate over four scrapes would have no two samples.
                    scrapeInterval: scrapeJob.scrapeInterval ?? Math.max(scrapeInterval, lookInterval),
                    // It writes times beside its samples: without, a container that is gone would be seen for minutes.
                    trackTimestampsStaleness: true,
                },
            ],
        },
    }),
    resources: () => import("./resources"),
});
