import { publishedJob } from "../../config/render/job";
import { dockerName } from "../dockerName";
import { definePart } from "../part";
import { containerPort } from "./container";
import { webBeSchema } from "./settings";
import { webBeFolder, webBeImage } from "./source";

export const webBe = definePart({
    key: "webBe",
    title: "the example service",
    role: "web-be",
    settings: webBeSchema,
    jobName: "web_be",
    image: {
        get standard() {
            return webBeImage();
        },
        builtFrom: webBeFolder,
        fromPackages: async (reference) => (await import("./image")).importWebBe(reference),
    },
    plan: ({ application, scrapeJob }, { stack }) => ({
        publishes: {
            jobs: [
                publishedJob("web_be", `${dockerName(stack, "web-be")}:${containerPort}`, { application }, scrapeJob),
            ],
        },
    }),
    resources: () => import("./resources"),
});
