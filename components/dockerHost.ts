import * as docker from "@pulumi/docker";

/**
 * The provider of a stack's Docker host. Left to itself it prefers DOCKER_CONTEXT to the host it is given, and takes
 * DOCKER_CERT_PATH for a reason to speak TLS with every host; the docker command line does neither.
 * @param dockerHost the endpoint; undefined for the local socket
 */
export function dockerProvider(dockerHost: string | undefined): docker.Provider {
    return new docker.Provider("docker-host", {
        host: dockerHost,
        ...(dockerHost && { context: "" }),
        // Where it counts it is not named here: it differs from one machine to the next, and would be a change of the stack.
        ...(dockerHost?.startsWith("tcp://") ? {} : { certPath: "" }),
    });
}
