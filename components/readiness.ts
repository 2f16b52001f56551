import * as command from "@pulumi/command";
import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { deliveryStep } from "./configVolume";

/** How long a container without data may take to become healthy, in milliseconds. */
const startTimeout = 60_000;

/**
 * A deployment fails while a container is not healthy: this one, and every next one. The provider's own `wait` says nothing
 * of the reason, takes its whole time where a container cannot start at all, and is forgotten by the next refresh.
 */
export function readiness(
    name: string,
    container: docker.Container,
    dockerHost: string | undefined,
    parent: pulumi.Resource,
): command.local.Command {
    return new command.local.Command(
        `${name}-ready`,
        {
            ...deliveryStep("ready"),
            environment: {
                ...(dockerHost !== undefined && { DOCKER_HOST: dockerHost }),
                CONTAINER: container.id,
                START_TIMEOUT: String(startTimeout),
            },
        },
        { parent },
    );
}
