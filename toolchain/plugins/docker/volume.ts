import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { check, compare } from "../shared/compare";
import type { Properties, ResourceKind } from "../shared/provider";
import { engineMessage, isMissing, unlessMissing } from "./client";
import { volumeInputs } from "./inputs";
import { labelList, labelMap } from "./labels";

const type = "docker:index/volume:Volume";

/** How long a volume may stay in use by a container that is being removed, in milliseconds. */
const patience = 30_000;

/** docker.Volume. Every change replaces it; creating one adopts an existing volume of that name. */
export function volumeKind(docker: () => Docker): ResourceKind {
    const read = async (id: string) => volumeState(await docker().getVolume(id).inspect());
    return {
        check: (name, inputs) => check(type, volumeInputs, name, inputs),
        diff: (state, before, inputs) => ({
            differences: compare(volumeInputs, state, before, inputs),
            deleteBeforeReplace: true,
        }),
        planned: (inputs) => inputs,
        async create(inputs) {
            try {
                await docker().createVolume({ Name: String(inputs.name), Labels: labelMap(inputs.labels) });
                return { id: String(inputs.name), state: await read(String(inputs.name)) };
            } catch (error) {
                throw new Error(`Unable to create volume: ${engineMessage(error)}`);
            }
        },
        update: async (id) => read(id),
        read: (id) =>
            unlessMissing(async () => {
                const state = await read(id);
                return { state, inputs: { name: state.name, labels: state.labels } };
            }),
        async delete(id) {
            for (const deadline = Date.now() + patience; ; await sleep(500)) {
                try {
                    await docker().getVolume(id).remove({ force: true });
                    return;
                } catch (error) {
                    const inUse = (error as { statusCode?: number }).statusCode === 409;
                    if (isMissing(error)) {
                        return;
                    }
                    if (!inUse || Date.now() > deadline) {
                        throw new Error(`Unable to delete volume: ${engineMessage(error)}`);
                    }
                }
            }
        },
    };
}

function volumeState(volume: Docker.VolumeInspectInfo): Properties {
    return { name: volume.Name, labels: labelList(volume.Labels) };
}
