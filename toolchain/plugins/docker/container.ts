import type Docker from "dockerode";
import { check, compare } from "../shared/compare";
import type { Log, Properties, ResourceKind } from "../shared/provider";
import { engineMessage, isMissing, unlessMissing } from "./client";
import { createOptions, updateOptions } from "./containerOptions";
import { containerState } from "./containerState";
import { containerInputs } from "./inputs";

const type = "docker:index/container:Container";

/** docker.Container. */
export function containerKind(docker: () => Docker): ResourceKind {
    const read = async (id: string, inputs: Properties) =>
        containerState(await docker().getContainer(id).inspect(), inputs);
    return {
        check: (name, inputs) => [
            ...check(type, containerInputs, name, inputs),
            ...(inputs.image === undefined
                ? [
                      {
                          property: "image",
                          reason: `Missing required argument. The argument "image" is required, but no definition was found.. Examine values at '${name}.image'.`,
                      },
                  ]
                : []),
        ],
        diff: (state, before, inputs) => ({
            differences: {
                ...compare(containerInputs, state, before, inputs),
                // Of a container that was stopped a refresh says false; then it is started again.
                ...(state.mustRun === false && { mustRun: { kind: "update", replace: false } }),
            },
            deleteBeforeReplace: true,
        }),
        planned: (inputs) => inputs,
        async create(inputs, log) {
            await removeUnborn(docker(), String(inputs.name));
            const id = await created(docker(), inputs, log);
            try {
                await connect(docker(), id, inputs);
                await docker().getContainer(id).start();
            } catch (error) {
                // A container that never started is of no use, and its name would be taken.
                await docker().getContainer(id).remove({ force: true, v: true });
                throw new Error(`Unable to start container: ${engineMessage(error)}`);
            }
            return { id, state: await read(id, inputs) };
        },
        async update(id, state, inputs) {
            const container = docker().getContainer(id);
            try {
                await container.update(updateOptions(inputs));
                if (state.mustRun === false) {
                    await container.start().catch(ignoreUnchanged);
                }
            } catch (error) {
                throw new Error(`Unable to update container: ${engineMessage(error)}`);
            }
            return read(id, inputs);
        },
        read: (id, state) =>
            unlessMissing(async () => {
                const found = await read(id, state);
                return { state: found, inputs: { name: found.name, image: found.image } };
            }),
        async delete(id, state) {
            const container = docker().getContainer(id);
            try {
                // 0 seconds when not set: the program is killed at once.
                await container.stop({ t: Number(state.destroyGraceSeconds ?? 0) }).catch(ignoreUnchanged);
                await container.remove({ v: true, force: true });
            } catch (error) {
                if (!isMissing(error)) {
                    throw new Error(`Unable to delete container: ${engineMessage(error)}`);
                }
            }
        },
    };
}

async function created(docker: Docker, inputs: Properties, log: Log): Promise<string> {
    try {
        await ensureImage(docker, String(inputs.image), log);
        return (await docker.createContainer(createOptions(inputs))).id;
    } catch (error) {
        throw new Error(`Unable to create container: ${engineMessage(error)}`);
    }
}

/** Pulls an image that the engine does not have. */
async function ensureImage(docker: Docker, reference: string, log: Log): Promise<void> {
    try {
        await docker.getImage(reference).inspect();
    } catch (error) {
        if (!isMissing(error)) {
            throw error;
        }
        await log(`pulling ${reference}`);
        // Without a tag Docker would pull every tag of the repository.
        const stream = await docker.pull(/[:@][^/]*$/.test(reference) ? reference : `${reference}:latest`);
        await new Promise<void>((resolve, reject) =>
            docker.modem.followProgress(stream, (failure) => (failure ? reject(failure) : resolve())),
        );
    }
}

/** Takes the container off the default network and puts it into its own ones. */
async function connect(docker: Docker, id: string, inputs: Properties): Promise<void> {
    const networks = (inputs.networksAdvanced ?? []) as Properties[];
    if (networks.length > 0) {
        await docker.getNetwork("bridge").disconnect({ Container: id, Force: false });
    }
    for (const { name } of networks) {
        await docker.getNetwork(String(name)).connect({ Container: id });
    }
}

/** An engine that went away in the middle of a creation may have kept a container of that name which never started. */
async function removeUnborn(docker: Docker, name: string): Promise<void> {
    const found = await unlessMissing(() => docker.getContainer(name).inspect());
    if (found?.State.Status === "created") {
        await docker.getContainer(found.Id).remove({ force: true, v: true });
    }
}

/** 304: it runs, or does not run, anyway. */
function ignoreUnchanged(error: { statusCode?: number }): void {
    if (error.statusCode !== 304) {
        throw error;
    }
}
