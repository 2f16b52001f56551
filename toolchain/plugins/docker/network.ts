import type Docker from "dockerode";
import { check, compare } from "../shared/compare";
import type { Properties, ResourceKind } from "../shared/provider";
import { engineMessage, isMissing, unlessMissing } from "./client";
import { networkInputs } from "./inputs";
import { labelList, labelMap } from "./labels";

const type = "docker:index/network:Network";

/** docker.Network. Every change replaces it. */
export function networkKind(docker: () => Docker): ResourceKind {
    const read = async (id: string) => networkState(await docker().getNetwork(id).inspect());
    return {
        check: (name, inputs) => check(type, networkInputs, name, inputs),
        diff: (state, before, inputs) => ({
            differences: compare(networkInputs, state, before, inputs),
            deleteBeforeReplace: true,
        }),
        planned: (inputs) => inputs,
        async create(inputs) {
            const ipam = (inputs.ipamConfigs ?? []) as Properties[];
            try {
                const network = await docker().createNetwork({
                    Name: String(inputs.name),
                    // Docker would make a second network of the same name.
                    CheckDuplicate: true,
                    Driver: String(inputs.driver ?? "bridge"),
                    Labels: labelMap(inputs.labels),
                    ...(ipam.length > 0 && {
                        IPAM: {
                            Driver: "default",
                            Config: ipam.map(({ subnet, gateway }) => ({
                                ...(subnet !== undefined && { Subnet: String(subnet) }),
                                ...(gateway !== undefined && { Gateway: String(gateway) }),
                            })),
                        },
                    }),
                } as Docker.NetworkCreateOptions);
                return { id: network.id, state: await read(network.id) };
            } catch (error) {
                throw new Error(`Unable to create network: ${engineMessage(error)}`);
            }
        },
        update: async (id) => read(id),
        read: (id) =>
            unlessMissing(async () => {
                const state = await read(id);
                return { state, inputs: { name: state.name, driver: state.driver, ipamConfigs: state.ipamConfigs } };
            }),
        async delete(id) {
            try {
                await docker().getNetwork(id).remove();
            } catch (error) {
                if (!isMissing(error)) {
                    throw new Error(`Unable to delete network: ${engineMessage(error)}`);
                }
            }
        },
    };
}

function networkState(network: Docker.NetworkInspectInfo): Properties {
    return {
        name: network.Name,
        driver: network.Driver,
        // An input that is left out: without it the official plugin would replace the network when it takes over.
        ipamDriver: network.IPAM?.Driver ?? "default",
        ipamConfigs: (network.IPAM?.Config ?? []).map(({ Subnet, Gateway }) => ({ subnet: Subnet, gateway: Gateway })),
        labels: labelList(network.Labels),
    };
}
