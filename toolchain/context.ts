import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";
import { find, output, succeeds } from "./process";

/**
 * The environment with which docker and Pulumi reach one and the same engine: that of DOCKER_HOST, else of the current context.
 * The Docker provider knows a context's name and not its certificates, prefers it to the endpoint of a stack, and speaks TLS
 * wherever DOCKER_CERT_PATH is set; docker does neither.
 * @param declared the stack's own endpoint, if it has one
 */
export function dockerEnvironment(declared?: string): Readonly<Record<string, string>> {
    const { DOCKER_HOST, DOCKER_CERT_PATH, DOCKER_TLS_VERIFY } = process.env;
    const context = declared === undefined && !DOCKER_HOST ? currentContext() : undefined;
    const endpoint = declared ?? (DOCKER_HOST || context?.endpoint);
    if (!endpoint) {
        return {};
    }
    const usual = DOCKER_TLS_VERIFY ? configFolder() : undefined;
    const certificates = endpoint.startsWith("tcp://") && (DOCKER_CERT_PATH || context?.certificates || usual);
    return {
        DOCKER_HOST: endpoint,
        DOCKER_CONTEXT: "",
        DOCKER_CERT_PATH: certificates || "",
        DOCKER_TLS_VERIFY: certificates ? "1" : "",
    };
}

/** Where the docker command line keeps its settings; a variable that is empty counts as unset. */
const configFolder = () => process.env.DOCKER_CONFIG || path.join(homedir(), ".docker");

/** @returns undefined for the default local socket */
function currentContext(): { endpoint: string; certificates: string | undefined } | undefined {
    const format = "{{.Endpoints.docker.Host}}\n{{.Storage.TLSPath}}/docker";
    if (!choosesContext() || !find("docker") || !succeeds("docker", ["context", "inspect"])) {
        return undefined;
    }
    const [endpoint = "", folder = ""] = output("docker", ["context", "inspect", "--format", format]).split("\n");
    const certificates = existsSync(path.join(folder, "cert.pem")) ? folder : undefined;
    return endpoint === "unix:///var/run/docker.sock" ? undefined : { endpoint, certificates };
}

/** Whether somebody chose a context other than the default one: where nobody did, docker need not be asked. */
function choosesContext(): boolean {
    const { DOCKER_CONTEXT } = process.env;
    const file = path.join(configFolder(), "config.json");
    if (DOCKER_CONTEXT || !existsSync(file)) {
        return Boolean(DOCKER_CONTEXT);
    }
    return readFileSync(file, "utf8").includes("currentContext");
}
