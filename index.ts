import { dockerProvider } from "./components/dockerHost";
import { Network } from "./components/network";
import { parts } from "./components/parts";
import { planned } from "./components/planned";
import { preflight, warn } from "./components/preflight";
import { Protection } from "./components/protection";
import { deployParts } from "./components/stackResources";
import { checksHost, dockerEndpoint, loadDeclaration, readFile } from "./config";

// The SDK takes a stack trace with every promise that it makes. Mapped to lines of TypeScript they are a tenth of a preview's
// time, and of use only to who looks for a promise that never ends: https://github.com/pulumi/pulumi, runtime/debuggable.ts
if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
    Error.stackTraceLimit = 0;
}

/** The stack: reads the declaration, checks all of it, and only then declares resources. Returns the stack's outputs. */
export = async () => {
    const stack = planned(parts, loadDeclaration(parts), { readFile });
    warn(stack);
    const generations = checksHost() ? await preflight(stack) : {};

    const { config, published } = stack;
    const opts = { provider: dockerProvider(dockerEndpoint(config.dockerHost)) };
    const network = new Network("network", { stack: config.stack, ...config.network }, opts);
    const deployed = await deployParts(stack, { network, generations, opts });
    new Protection("protection", [network, ...deployed.map(({ component }) => component)], config.protect);

    return {
        ...Object.fromEntries(deployed.flatMap(({ outputs = {} }) => Object.entries(outputs))),
        scrapeJobs: published.jobs.map(({ jobName, staticConfigs }) => ({
            jobName,
            targets: staticConfigs.flatMap(({ targets }) => targets),
        })),
    };
};
