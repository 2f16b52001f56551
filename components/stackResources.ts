import type * as pulumi from "@pulumi/pulumi";
import type { EngineTraits } from "./engineTraits";
import type { Network } from "./network";
import type { Generations } from "./observation";
import type { Deployed } from "./part";
import type { PlannedStack } from "./planned";
import type { CommonArgs } from "./service";

/** What the parts' resources find beside the plan. */
export interface Place {
    readonly network: Network;
    readonly generations: Generations;
    readonly engine: EngineTraits;
    readonly opts: pulumi.ComponentResourceOptions;
}

/** Declares the resources of every part, in the order of the list: who asks another part comes after it. */
export async function deployParts({ config, published, parts }: PlannedStack, place: Place): Promise<Deployed[]> {
    const { network, generations, engine, opts } = place;
    const { stack, dockerHost, retainData, protect } = config;
    const common: CommonArgs = { stack, engine, network, dockerHost, retainData, protect };
    const dataSources: pulumi.Resource[] = [];
    const stores: pulumi.Resource[] = [];
    const all: Deployed[] = [];
    for (const { part, settings, plan, image, shell, files, secretFiles } of parts) {
        const { deploy } = await part.resources();
        const rendered = { image, shell, files, secretFiles, generation: generations[part.role] };
        const resources = { config, published, common, dataSources: [...dataSources], stores: [...stores], opts };
        const deployed = deploy(settings as never, rendered, resources);
        if (plan.publishes?.dataSources) {
            dataSources.push(deployed.component);
        }
        if (plan.publishes?.stores) {
            stores.push(deployed.component);
        }
        all.push(deployed);
    }
    return all;
}
