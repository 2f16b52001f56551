import type Docker from "dockerode";
import { check, compare } from "../shared/compare";
import type { Log, Properties, ResourceKind } from "../shared/provider";
import { unknown } from "../shared/provider";
import { engineMessage, isMissing } from "./client";
import { imageInputs, imageUnsupported } from "./inputs";

const type = "docker:index/remoteImage:RemoteImage";

/** docker.RemoteImage. An image that the engine has already is not pulled again. */
export function imageKind(docker: () => Docker): ResourceKind {
    const found = async (name: string) => {
        try {
            return await docker().getImage(name).inspect();
        } catch (error) {
            if (isMissing(error)) {
                return undefined;
            }
            throw error;
        }
    };
    const ensure = async (inputs: Properties, log: Log) => {
        const name = String(inputs.name);
        if (!(await found(name))) {
            await log(`pulling ${name}`);
            await pull(docker(), name, inputs.platform);
        }
        const image = await found(name);
        if (!image) {
            throw new Error(`Unable to find or pull image ${name}`);
        }
        return { id: `${image.Id}${name}`, state: imageState(image, inputs) };
    };
    return {
        check: (name, inputs) => check(type, imageInputs, imageUnsupported, name, inputs),
        diff: (state, before, inputs) => ({
            differences: compare(imageInputs, state, before, inputs),
            deleteBeforeReplace: false,
        }),
        planned: (inputs, state) => ({
            imageId: state.imageId ?? unknown,
            repoDigest: state.repoDigest ?? unknown,
            ...inputs,
        }),
        create: ensure,
        update: async (_id, _state, inputs, log) => (await ensure(inputs, log)).state,
        async read(_id, state) {
            const image = await found(String(state.name));
            return image && { state: imageState(image, state), inputs: { name: state.name } };
        },
        async delete(_id, state) {
            if (state.keepLocally === true) {
                return;
            }
            try {
                await docker()
                    .getImage(String(state.name))
                    .remove({ force: state.forceRemove === true });
            } catch (error) {
                if (!isMissing(error)) {
                    throw new Error(`Unable to delete image ${String(state.name)}: ${engineMessage(error)}`);
                }
            }
        },
    };
}

async function pull(docker: Docker, name: string, platform: unknown): Promise<void> {
    // Without a tag Docker pulls every tag of the repository.
    const reference = /[:@][^/]*$/.test(name) ? name : `${name}:latest`;
    try {
        const stream = await docker.pull(reference, platform === undefined ? {} : { platform: String(platform) });
        await new Promise<void>((resolve, reject) =>
            docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve())),
        );
    } catch (error) {
        throw new Error(
            `Unable to read Docker image into resource: unable to pull image ${name}: ${engineMessage(error)}`,
        );
    }
}

function imageState(image: Docker.ImageInspectInfo, inputs: Properties): Properties {
    const repository = String(inputs.name).replace(/[:@][^/]*$/, "");
    return {
        name: inputs.name,
        imageId: image.Id,
        repoDigest: (image.RepoDigests ?? []).find((digest) => digest.startsWith(`${repository}@`)) ?? "",
        keepLocally: inputs.keepLocally ?? null,
        forceRemove: inputs.forceRemove ?? null,
        platform: inputs.platform ?? null,
        pullTriggers: inputs.pullTriggers ?? null,
        build: null,
        triggers: null,
    };
}
