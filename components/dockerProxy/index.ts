import { labelledJobName } from "../../config/schema/labelledContainers";
import { caddyImage } from "../caddy";
import { dockerName } from "../dockerName";
import { definePart } from "../part";
import { askedLists } from "./asked";
import { checkDockerProxy } from "./check";
import { containerPort } from "./container";
import { labelledJob } from "./labelledJob";
import { dockerProxySchema } from "./settings";

export const dockerProxy = definePart({
    key: "dockerProxy",
    title: "Docker's proxy",
    role: "docker-proxy",
    settings: dockerProxySchema,
    isWanted: (declared) => askedLists(declared).length > 0,
    jobName: labelledJobName,
    check: checkDockerProxy,
    image: caddyImage,
    plan: ({ dockerSocket }, { stack, network, labelledContainers }) => ({
        asks: { name: dockerSocket, path: ["dockerProxy", "dockerSocket"] },
        publishes: {
            jobs: labelledContainers.enabled
                ? [labelledJob(labelledContainers, [dockerName(stack), ...network.join])]
                : [],
            dockers: [`http://${dockerName(stack, "docker-proxy")}:${containerPort}`],
        },
    }),
    resources: () => import("./resources"),
});
