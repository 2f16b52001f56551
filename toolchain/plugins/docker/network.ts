import type Docker from "dockerode";
import { check, compare } from "../shared/compare";
import type { Properties, ResourceKind } from "../shared/provider";
import { engineMessage, isMissing, unlessMissing } from "./client";
import { networkInputs, networkUnsupported } from "./inputs";
import { labelList, labelMap } from "./labels";

const type = "docker:index/network:Network";

/** docker.Network. Every change replaces it. */
export function networkKind(docker: () => Docker): ResourceKind {
    const read = async (id: string) => networkState(await docker().getNetwork(id).inspect());
    return {
        check: (name, inputs) => check(type, networkInputs, networkUnsupported, name, inputs),
        diff: (state, before, inputs) => ({
            differences: compare(networkInputs, state, before, inputs),
            deleteBeforeReplace: true,
        }),
        planned: (inputs) => ({ driver: "bridge", ...inputs }),
        async create(inputs) {
            const ipam = (inputs.ipamConfigs ?? []) as Properties[];
            try {
                const network = await docker().createNetwork({
                    Name: String(inputs.name),
                    // Docker would make a second network of the same name.
                    CheckDuplicate: true,
                    Driver: String(inputs.driver ?? "bridge"),
                    Internal: inputs.internal === true,
                    Attachable: inputs.attachable === true,
                    Labels: labelMap(inputs.labels),
                    Options: (inputs.options ?? {}) as Record<string, string>,
                    ...(ipam.length > 0 && {
                        IPAM: {
                            Driver: "default",
                            Config: ipam.map(({ subnet, gateway, ipRange }) => ({
                                ...(subnet !== undefined && { Subnet: String(subnet) }),
                                ...(gateway !== undefined && { Gateway: String(gateway) }),
                                ...(ipRange ? { IPRange: String(ipRange) } : {}),
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
        scope: network.Scope,
        internal: network.Internal,
        attachable: network.Attachable,
        ingress: network.Ingress,
        ipv6: network.EnableIPv6,
        options: network.Options ?? {},
        ipamDriver: network.IPAM?.Driver ?? "default",
        ipamOptions: null,
        ipamConfigs: (network.IPAM?.Config ?? []).map((config) => ({
            subnet: config.Subnet,
            gateway: config.Gateway,
            ipRange: config.IPRange ?? "",
            auxAddress: null,
        })),
        labels: labelList(network.Labels),
    };
}
