import type { PlannedStack } from "../../components/planned";
import { freePort, freeSubnet, meet, overlap } from "../../config/check/host";
import { remoteHost } from "../../config/schema/hosts";
import type { Problem } from "../../config/schema/problems";
import { show } from "../../config/schema/problems";
import type { StackConfig } from "../../config/schema/stack";

/**
 * What two stacks cannot both have. Only those that name one and the same remote Docker host are compared: without a
 * dockerHost, each may run on a machine of its own.
 */
export function conflicts(plan: PlannedStack, other: PlannedStack, otherFile: string): Problem[] {
    const [host, otherHost] = [plan, other].map(({ config }) => remoteHost(config.dockerHost));
    if (host === undefined || otherHost === undefined || !isSameHost(host, otherHost)) {
        return [];
    }
    const advice = host === otherHost ? "" : `; if ${host} and ${otherHost} are two hosts, write the full name of both`;
    return [...subnets(plan.config, other.config, otherFile), ...ports(plan, other, otherFile)].map(
        ({ path, message }) => ({ path, message: message + advice }),
    );
}

/** A name without its domain is that of a name with one, as far as can be told. */
const isSameHost = (a: string, b: string) =>
    a === b || [`${a} ${b}`, `${b} ${a}`].some((both) => /^([a-z][\w-]*) \1\./.test(both));

function subnets({ network }: StackConfig, other: StackConfig, otherFile: string): Problem[] {
    const taken = [network.subnet, other.network.subnet];
    const advice = freeSubnet({ networks: [{ name: "", subnets: taken }] });
    const message = `${show(network.subnet)} overlaps ${other.network.subnet} of ${otherFile} on the same Docker host; write ${advice}`;
    return overlap(network.subnet, other.network.subnet) ? [{ path: ["network", "subnet"], message }] : [];
}

/** The gateway's ports are both stacks' own, where their networks are. */
function ports({ wanted, config }: PlannedStack, other: PlannedStack, otherFile: string): Problem[] {
    const taken = [...wanted.listeners, ...other.wanted.listeners];
    return wanted.listeners.flatMap((each) => {
        const { path, address, port } = each;
        const owner = other.wanted.listeners.find((there) => there.port === port && meet(there.address, address));
        if (owner === undefined || address === config.network.gateway) {
            return [];
        }
        const free = freePort(each, taken);
        taken.push({ ...each, port: free });
        const message = `${port} is the port of ${owner.owner} in ${otherFile} on the same Docker host; write another one, such as ${free}`;
        return [{ path, message }];
    });
}
