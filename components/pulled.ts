import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";

const pullCommand = 'docker image inspect "$IMAGE" > /dev/null 2>&1 || docker pull --quiet "$IMAGE"';

/**
 * Pulls the image of a part without files, by the docker command line, which knows the operator's `docker login`: the provider knows
 * none. The images of the other parts come the same way, with the delivery of their files.
 */
export const pulled = (
    name: string,
    { image, dockerHost }: { readonly image: string; readonly dockerHost?: string | undefined },
    parent: pulumi.Resource,
): command.local.Command =>
    new command.local.Command(
        `${name}-pull`,
        {
            create: pullCommand,
            environment: { ...(dockerHost !== undefined && { DOCKER_HOST: dockerHost }), IMAGE: image },
            addPreviousOutputInEnv: false,
        },
        { parent },
    );
