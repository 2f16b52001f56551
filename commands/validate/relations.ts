import type { PlannedStack } from "../../components/planned";
import { meet, overlap } from "../../config/check/host";
import type { Problem } from "../../config/schema/problems";
import { show } from "../../config/schema/problems";
import type { StackConfig } from "../../config/schema/stack";

/**
 * What two stacks cannot both have. Only those that name one and the same remote Docker host are compared: without a
 * dockerHost, each may run on a machine of its own.
 */
export function conflicts(plan: PlannedStack, other: PlannedStack, otherFile: string): Problem[] {
    const host = remoteHost(plan.config.dockerHost);
    return host === undefined || host !== remoteHost(other.config.dockerHost)
        ? []
        : [...subnets(plan.config, other.config, otherFile), ...ports(plan, other, otherFile)];
}

/** The machine behind an endpoint: "ssh://admin@web-1:22" and "tcp://web-1:2376" are one. Local endpoints are none. */
function remoteHost(endpoint: string | undefined): string | undefined {
    const [, host] = /^(?:ssh|tcp):\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/]+)/i.exec(endpoint ?? "") ?? [];
    return host === undefined || /^(localhost|127\..*|\[::1\])$/i.test(host) ? undefined : host.toLowerCase();
}

function subnets({ network }: StackConfig, other: StackConfig, otherFile: string): Problem[] {
    const message = `${show(network.subnet)} overlaps ${other.network.subnet} of ${otherFile} on the same Docker host; write another one`;
    return overlap(network.subnet, other.network.subnet) ? [{ path: ["network", "subnet"], message }] : [];
}

function ports({ wanted }: PlannedStack, other: PlannedStack, otherFile: string): Problem[] {
    return wanted.listeners.flatMap(({ key, address, port }) => {
        const owner = other.wanted.listeners.find((there) => there.port === port && meet(there.address, address));
        const message = `${port} is the port of ${owner?.key} in ${otherFile} on the same Docker host; write another one`;
        return owner ? [{ path: [key, "port"], message }] : [];
    });
}
