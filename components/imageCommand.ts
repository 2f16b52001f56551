import * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";

interface ImageArgs {
    readonly image: string;
    readonly dockerHost?: string | undefined;
}

/**
 * Gets an image onto the stack's host where it is not there yet.
 * @param get the command that does it, for the image "$IMAGE"
 */
const provided = (name: string, get: string, { image, dockerHost }: ImageArgs, parent: pulumi.Resource) =>
    new command.local.Command(
        name,
        {
            create: `docker image inspect "$IMAGE" > /dev/null 2>&1 || ${get}`,
            environment: { ...(dockerHost !== undefined && { DOCKER_HOST: dockerHost }), IMAGE: image },
            addPreviousOutputInEnv: false,
        },
        { parent },
    );

/**
 * Pulls the image of a part without files, by the docker command line, which knows the operator's `docker login`: the provider knows
 * none. The images of the other parts come the same way, with the delivery of their files.
 */
export const pulled = (name: string, args: ImageArgs, parent: pulumi.Resource) =>
    provided(`${name}-pull`, 'docker pull --quiet "$IMAGE"', args, parent);

/** Builds the image of a part that is in no registry. @param folder with its Dockerfile */
export const built = (name: string, folder: string, args: ImageArgs, parent: pulumi.Resource) =>
    provided(`${name}-build`, `docker build --quiet --tag "$IMAGE" ${folder} > /dev/null`, args, parent);
