import { dockerOutcomeSync, dockerSync } from "../../toolchain/docker";
import { ToolError } from "../../toolchain/process";
import { say } from "../../toolchain/progress";
import { isLocked, readCheckpoint } from "../../toolchain/state";
import type { Given, StackName } from "../command";
import type { Environment } from "../environment";
import { runProgram } from "../pulumi/cli";

/**
 * Puts right what stood in the way of a deployment and is nobody's wish.
 * @returns whether there was anything: then it is worth another try
 */
export async function repaired(given: Given, env: Environment): Promise<boolean> {
    try {
        if (removeUnborn(given.stack, env)) {
            const clear = ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"];
            return (await runProgram(clear, given, env)) === 0;
        }
        return reconnect(given.stack.name);
    } catch (error) {
        if (error instanceof ToolError) {
            return false; // Why the deployment failed was said.
        }
        throw error;
    }
}

/**
 * Removes the containers that a deployment was making when it was killed: the state does not know that they are there, and the
 * next one fails over their names. What their programs keep is in volumes. Of another backend nobody knows whether somebody is
 * making them at this moment.
 * @returns whether there were any
 */
function removeUnborn({ name: stack, fullName }: StackName, env: Environment): boolean {
    const { resources = [], pending_operations = [] } = readCheckpoint(fullName, env) ?? {};
    const known = new Set(resources.map(({ id }) => id));
    const names = pending_operations
        .filter(({ type, resource }) => type === "creating" && resource.type.startsWith("docker:index/container:"))
        .map(({ resource }) => String(resource.inputs?.name));
    const unborn = names.filter((name) => {
        const format = '{{.Id}} {{index .Config.Labels "metrics-stack.stack"}}';
        const { status, stdout } = dockerOutcomeSync(["container", "inspect", "--format", format, name]);
        const [id, label] = stdout.trim().split(" ");
        return status === 0 && label === stack && !known.has(id);
    });
    if (unborn.length === 0 || isLocked(fullName)) {
        return false;
    }
    say(`A deployment was killed while it made ${unborn.join(" and ")}: made anew.`);
    dockerSync(["rm", "--force", "--volumes", ...unborn]);
    return true;
}

/**
 * Has stopped containers find their networks again. Docker starts none whose network was made anew meanwhile, as another project's
 * by `docker compose down` and `up`: it looks for the one that is gone.
 */
function reconnect(stack: string): boolean {
    const stopped = ["--filter", `label=metrics-stack.stack=${stack}`, "--filter", "status=exited"];
    const ids = dockerSync(["ps", "--all", "--quiet", ...stopped])
        .split("\n")
        .filter(Boolean);
    const inspected = ids.length === 0 ? [] : (JSON.parse(dockerSync(["inspect", ...ids])) as Inspected[]);
    const lost = inspected.flatMap(({ Name, NetworkSettings }) =>
        Object.entries(NetworkSettings.Networks)
            .filter(([network, { NetworkID }]) => isAnotherOne(network, NetworkID))
            .map(([network]) => ({ network, container: Name.slice(1) })),
    );
    for (const { network, container } of lost) {
        say(`The network ${network} was made anew: connecting ${container} to it.`);
        dockerSync(["network", "disconnect", "--force", network, container]);
        dockerSync(["network", "connect", network, container]);
    }
    return lost.length > 0;
}

/** What `docker inspect` says of a container, as far as it is asked. */
interface Inspected {
    readonly Name: string;
    readonly NetworkSettings: { readonly Networks: Readonly<Record<string, { readonly NetworkID: string }>> };
}

function isAnotherOne(network: string, id: string): boolean {
    const { status, stdout } = dockerOutcomeSync(["network", "inspect", "--format", "{{.Id}}", network]);
    return status === 0 && id !== "" && stdout.trim() !== id;
}
