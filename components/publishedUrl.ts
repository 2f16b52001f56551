import { remoteHost } from "../config/schema/hosts";
import type { ServiceArgs } from "./service";

/**
 * Where people find what a part publishes, e.g. "http://127.0.0.1:9090". Nobody can open 0.0.0.0: it is every address of the
 * Docker host, which is named as the stack file does. Another name would be another input of the container for each operator.
 */
export function publishedUrl({
    bindAddress,
    port,
    dockerHost,
    scheme = "http",
}: Pick<ServiceArgs, "bindAddress" | "port" | "dockerHost"> & { readonly scheme?: "http" | "https" }) {
    const host = bindAddress === "0.0.0.0" ? (remoteHost(dockerHost) ?? "127.0.0.1") : bindAddress;
    return `${scheme}://${host}:${port}`;
}
