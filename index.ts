import { dockerProvider, followContext } from "./components/dockerHost";
import { usualTraits } from "./components/engineTraits";
import { endpointOf, knownEngine } from "./components/knownEngine";
import { lastState } from "./components/lastState";
import { Network } from "./components/network";
import { declarable } from "./components/parts";
import { planned } from "./components/planned";
import { preflight, warn } from "./components/preflight";
import { Protection } from "./components/protection";
import { deployParts } from "./components/stackResources";
import { checksHost, declaredEndpoint, dockerEndpoint, loadDeclaration, userFiles } from "./config";

// The SDK takes a stack trace with every promise that it makes. Mapped to lines of TypeScript they are a tenth of a preview's
// time, and of use only to who looks for a promise that never ends: https://github.com/pulumi/pulumi, runtime/debuggable.ts
if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
    Error.stackTraceLimit = 0;
}

/** The stack: reads the declaration, checks all of it, and only then declares resources. Returns the stack's outputs. */
export = async () => {
    followContext(declaredEndpoint());
    const declaration = loadDeclaration(declarable);
    const state = await lastState();
    const { instance, ...known } = await knownEngine(declaration.config, state);
    const config = { ...declaration.config, hostName: instance };
    const stack = planned(declarable, { ...declaration, config }, userFiles);
    warn(stack, state);
    const { generations, engine = known } = checksHost() ? await preflight(stack, state) : { generations: {} };
    const { id, traits = usualTraits } = engine;

    const opts = { provider: dockerProvider(dockerEndpoint(config.dockerHost)) };
    const network = new Network("network", { stack: config.stack, ...config.network }, opts);
    const deployed = await deployParts(stack, { network, generations, engine: traits, opts });
    new Protection("protection", [network, ...deployed.map(({ component }) => component)], config.protect);

    return {
        ...Object.fromEntries(deployed.flatMap(({ outputs = {} }) => Object.entries(outputs))),
        scrapeJobs: stack.published.jobs.map(({ jobName, staticConfigs }) => ({
            jobName,
            targets: staticConfigs.flatMap(({ targets }) => targets),
        })),
        ...(id !== undefined && { dockerEngine: { endpoint: endpointOf(config), id, instance, traits } }),
    };
};
