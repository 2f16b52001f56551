import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { dockerEnvironment } from "../toolchain/context";

/**
 * Has the provider follow the docker context in use, as the docker command line does: else files would go to the one engine, and
 * containers to the other. The npm scripts name its endpoint already.
 * @param declared the stack's own endpoint, which comes before it
 * @throws RunError for a context with certificates, which the provider would have to be told too
 */
export function followContext(declared: string | undefined): void {
    if (declared !== undefined || process.env.DOCKER_HOST) {
        return;
    }
    const { DOCKER_HOST, DOCKER_CERT_PATH } = dockerEnvironment();
    if (DOCKER_CERT_PATH && DOCKER_CERT_PATH !== process.env.DOCKER_CERT_PATH) {
        throw new pulumi.RunError(
            `The docker context in use reaches ${DOCKER_HOST} with certificates, which Pulumi's provider does not find. Use the ` +
                `npm scripts, or set DOCKER_HOST=${DOCKER_HOST} DOCKER_CERT_PATH=${DOCKER_CERT_PATH} DOCKER_TLS_VERIFY=1.`,
        );
    }
    if (DOCKER_HOST) {
        process.env.DOCKER_HOST = DOCKER_HOST;
    }
}

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
