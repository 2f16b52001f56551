import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Engine } from "../config/check/engine";
import { engineWarnings, wrongSockets } from "../config/check/engine";
import { checkAgainstHost } from "../config/check/host";
import { aboutStrangers, leftBehind, strangers } from "../config/check/ownership";
import { pullsImages } from "../config";
import { ConfigError } from "../config/schema/problems";
import type { StackConfig } from "../config/schema/stack";
import type { Failure } from "../toolchain/endpoint";
import { unprotected } from "../toolchain/endpoint";
import type { EngineTraits } from "./engineTraits";
import { traitsOf } from "./engineTraits";
import type { LastState } from "./lastState";
import type { Attempt, Generations, Observation, Question } from "./observation";
import { generations, question, refusals } from "./observation";
import type { PlannedStack } from "./planned";

/** What a look at the Docker host found. */
export interface Found {
    readonly generations: Generations;
    /** Absent where the host cannot be asked. */
    readonly engine?: { readonly id: string; readonly traits: EngineTraits };
}

/**
 * Looks at the Docker host, in previews too, and has the promtool of the image that will run check the very files that would
 * be written; amtool likewise. It changes nothing. Where the host cannot be asked, a warning says what was not checked.
 * @throws RunError where another state deployed what runs
 * @throws ConfigError for a declaration that would not work, with all mistakes at once
 * @throws RunError for a Docker endpoint that cannot be used: a deployment fails before it has begun. A preview goes on where it
 * may be usable in a moment, or from another machine.
 */
export async function preflight(stack: PlannedStack, state: Attempt<LastState>): Promise<Found> {
    const { config, wanted } = stack;
    checkProtection(config.dockerHost);
    const observed = await observe(config, question(stack, "found" in state ? state.found.objects : []));
    if ("unreachable" in observed) {
        const { message, passes } = observed.unreachable;
        if (!passes || !pulumi.runtime.isDryRun()) {
            throw new pulumi.RunError(`${message} Nothing was changed.`);
        }
        void pulumi.log.warn(`Nothing was checked on the Docker host. ${message}`);
        return { generations: {} };
    }
    const hosts = observed.facts
        ? known(observed.facts, "ports, networks, volumes and containers of the Docker host")
        : [];
    const states = known(state, "whether this state knows what runs");
    const strange = states.flatMap(({ objects }) => hosts.flatMap((host) => strangers(host, objects)));
    if (strange.length > 0) {
        throw new pulumi.RunError(aboutStrangers(config.stack, strange));
    }
    const [engine] = known(observed.engine, "what the Docker engine can do");
    const problems = [
        ...hosts.flatMap((host) => checkAgainstHost(config, wanted, host)),
        ...(engine ? wrongSockets(wanted.sockets, engine) : []),
        ...states.flatMap(({ objects }) => hosts.flatMap((host) => leftBehind(wanted, host, objects))),
        ...refusals(stack, observed, known),
    ];
    if (problems.length > 0) {
        throw new ConfigError(problems.map(stack.placed));
    }
    if (engine) {
        engineWarnings(config, engine, hosts[0]?.sharedRoot).forEach((each) => void pulumi.log.warn(each));
    }
    return {
        generations: generations(stack, observed, known),
        ...(engine && { engine: { id: engine.id, traits: traitsOf(engine, hosts[0]?.sharedRoot) } }),
    };
}

/** @returns undefined where the engine cannot be asked: the preflight says why */
export async function askEngine(config: StackConfig): Promise<Engine | undefined> {
    const observed = await observe(config, { image: "", parts: [] });
    return "unreachable" in observed || "unknown" in observed.engine ? undefined : observed.engine.found;
}

/** Says what may go wrong with a declaration in which nothing is wrong, and what is different from the last deployment. */
export function warn({ warnings, parts }: PlannedStack, state: Attempt<LastState>): void {
    const outputs = "found" in state ? state.found.outputs : {};
    const changes = parts.flatMap(({ plan }) => plan.change?.(outputs) ?? []);
    [...warnings, ...changes].forEach((each) => void pulumi.log.warn(each));
}

/** A stack that names an endpoint which anybody may use is refused; one from DOCKER_HOST may be this job's own engine. */
function checkProtection(dockerHost: string | undefined): void {
    const open = unprotected({ ...process.env, ...(dockerHost !== undefined && { DOCKER_HOST: dockerHost }) });
    if (open !== undefined && dockerHost !== undefined) {
        throw new pulumi.RunError(`metrics-stack:dockerHost: ${open}`);
    }
    if (open !== undefined) {
        void pulumi.log.warn(open);
    }
}

async function observe(config: StackConfig, asked: Question): Promise<Observation | { readonly unreachable: Failure }> {
    const { stdout } = await command.local.run({
        command: "node components/delivery/observe.js",
        stdin: JSON.stringify(asked),
        environment: {
            ...(config.dockerHost !== undefined && { DOCKER_HOST: config.dockerHost }),
            ...(!pullsImages() && { PULL_IMAGES: "false" }),
        },
        addPreviousOutputInEnv: false,
        logging: "none",
    });
    return JSON.parse(stdout) as Observation | { unreachable: Failure };
}

/** What was found, or nothing and a warning. */
function known<Found>(attempt: Attempt<Found>, what: string): Found[] {
    if ("unknown" in attempt) {
        void pulumi.log.warn(`Not checked: ${what}. ${attempt.unknown}`);
        return [];
    }
    return [attempt.found];
}
