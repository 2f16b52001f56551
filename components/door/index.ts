import { caddyImage } from "../caddy";
import { definePart } from "../part";
import { checkDoor } from "./check";
import { configuration, data } from "./container";
import { doorSecrets, doorUrl, renderDoor } from "./files";
import { doorSchema } from "./settings";
import { siteSecrets } from "./upstream";

export const door = definePart({
    key: "door",
    title: "Door",
    role: "door",
    settings: doorSchema,
    check: checkDoor,
    image: caddyImage,
    plan({ name = "", users = {}, senders, forwardAuth, port, tls }) {
        return {
            entrance: doorUrl({ name, port }),
            files: ({ sites }) => renderDoor({ name, users, senders, forwardAuth, tls }, sites),
            secretFiles: ({ sites }) => ({ ...doorSecrets({ users, senders, tls }), ...siteSecrets(sites) }),
        };
    },
    configuration,
    data,
    resources: () => import("./resources"),
});
