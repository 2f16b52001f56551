import { usualSocket } from "../config/check/engine";
import { text } from "../config/schema/values";
import type { EngineTraits } from "./engineTraits";

/** Where the Docker engine listens on its host, for who asks it there. */
export const dockerSocket = text(
    /^\/[^\s,]*[^\s,/]$/,
    "an absolute path",
    'one, such as "/run/user/1000/docker.sock"',
).default(usualSocket);

/** What a container has that reads the engine's socket, which is root's. The socket itself is one of its mounts. */
export const readsSocket = ({ remapsUsers }: EngineTraits) => ({
    user: "0:0",
    // With SELinux a container with labels of its own reaches no socket of the host.
    securityOpts: ["no-new-privileges:true", "label=disable"],
    ...(remapsUsers && { usernsMode: "host" }),
});

/** The socket, in a container where programs look for it. @param source where it is on the host */
export const socketMount = (source: string) => ({ type: "bind", source, target: usualSocket, readOnly: true });
