import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import Docker from "dockerode";
import type { Properties } from "../shared/provider";

/**
 * Connects to a Docker engine as the docker command line does: DOCKER_HOST, with DOCKER_CERT_PATH for TLS.
 * Source: https://docs.docker.com/reference/cli/docker/#environment-variables
 * @throws if no engine answers
 */
export async function connect(config: Properties): Promise<Docker> {
    const host = String(config.host ?? process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock");
    const client = new Docker(endpoint(host, String(config.certPath ?? process.env.DOCKER_CERT_PATH ?? "")));
    try {
        await client.ping();
    } catch (error) {
        throw new Error(`failed to connect to any docker daemon: ${host}: ${(error as Error).message}`);
    }
    return client;
}

function endpoint(host: string, certPath: string): Docker.DockerOptions {
    if (host.startsWith("unix://")) {
        return { socketPath: host.slice("unix://".length) };
    }
    const [, name, port] = /^tcp:\/\/([^:/]+):(\d+)\/?$/.exec(host) ?? [];
    if (name === undefined) {
        throw new Error(
            `the Docker endpoint ${host} is not supported by the plugin from packages; use the official plugin (TOOLCHAIN=official)`,
        );
    }
    const certificate = (file: string) => {
        const full = path.join(certPath, file);
        return certPath !== "" && existsSync(full) ? readFileSync(full) : undefined;
    };
    const [ca, cert, key] = ["ca.pem", "cert.pem", "key.pem"].map(certificate);
    return { protocol: ca ? "https" : "http", host: name, port: Number(port), ...(ca && { ca, cert, key }) };
}

/** True for the engine's answer that something does not exist. */
export const isMissing = (error: unknown) => (error as { statusCode?: number }).statusCode === 404;

/** What was read, or undefined where it does not exist. */
export async function unlessMissing<Found>(read: () => Promise<Found>): Promise<Found | undefined> {
    try {
        return await read();
    } catch (error) {
        if (isMissing(error)) {
            return undefined;
        }
        throw error;
    }
}

/** The engine's own words, without the wrapping of the client library. */
export function engineMessage(error: unknown): string {
    const { json, message } = error as { json?: { message?: string }; message?: string };
    return json?.message ?? message ?? String(error);
}
