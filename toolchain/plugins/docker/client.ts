import { readFileSync } from "node:fs";
import * as path from "node:path";
import Docker from "dockerode";
import type { Properties } from "../shared/provider";
import { SshAgent } from "./ssh";

/** How long an engine may take to answer at first, in milliseconds. */
const patience = 30_000;

/**
 * Connects to a Docker engine as the official plugin does: over a socket, over ssh:// with the ssh of this machine, or over
 * tcp://, with TLS where DOCKER_CERT_PATH names a folder with ca.pem, cert.pem and key.pem.
 * Source: https://github.com/kreuzwerker/terraform-provider-docker/blob/master/internal/provider/config.go
 * @throws if no engine answers; one behind ssh:// is not asked before it is needed, so that a new stack's preview does without
 */
export async function connect(config: Properties): Promise<Docker> {
    const host = String(config.host ?? process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock");
    const client = new Docker(options(host, String(config.certPath ?? process.env.DOCKER_CERT_PATH ?? "")));
    if (host.startsWith("ssh://")) {
        return client;
    }
    try {
        // The types know nothing of options.
        await (client as { ping(options: object): Promise<unknown> }).ping({
            abortSignal: AbortSignal.timeout(patience),
        });
    } catch (error) {
        throw new Error(`failed to connect to any docker daemon: ${host}: ${engineMessage(error)}`);
    }
    return client;
}

function options(host: string, certPath: string): Docker.DockerOptions {
    if (host.startsWith("unix://")) {
        return { socketPath: host.slice("unix://".length) };
    }
    if (!URL.canParse(host) || !/^(ssh|tcp):$/.test(new URL(host).protocol)) {
        throw new Error(
            `the Docker endpoint ${host} is not supported by the plugin from packages; use the official plugin (TOOLCHAIN=official)`,
        );
    }
    const endpoint = new URL(host);
    if (endpoint.protocol === "ssh:") {
        // The name is never looked up: the engine is at the other end of every connection.
        return { protocol: "http", host: "docker.example.com", agent: new SshAgent(endpoint) } as Docker.DockerOptions;
    }
    const file = (name: string) => readFileSync(path.join(certPath, name));
    const tls = certPath !== "" && { ca: file("ca.pem"), cert: file("cert.pem"), key: file("key.pem") };
    return {
        protocol: tls ? "https" : "http",
        host: endpoint.hostname.replace(/^\[|\]$/g, ""),
        port: endpoint.port || (tls ? "2376" : "2375"),
        ...tls,
    };
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
