import { hostname } from "node:os";
import * as pulumi from "@pulumi/pulumi";
import { usualTraits } from "../components/engineTraits";
import type { Question } from "../components/observation";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable";

/** Wraps a promise of the SDK's. */
type Debuggable = { debuggablePromise(promise: Promise<unknown>, context: unknown): Promise<unknown> };

// The SDK takes a stack trace with each, for who looks for one that never ends. Mapped to lines of TypeScript, they took nine
// tenths of the time of a test that declares resources.
const sdk = debuggable as unknown as Debuggable;
const { debuggablePromise } = sdk;
sdk.debuggablePromise = (promise, context) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
        return debuggablePromise(promise, context);
    } finally {
        Error.stackTraceLimit = stackTraceLimit;
    }
};

/** Every resource that was declared since the test began, in order. */
export const created: pulumi.runtime.MockResourceArgs[] = [];

/** What the Docker engine says of itself. */
export const engine = {
    ...{ id: "1", name: "web-1", operatingSystem: "Debian GNU/Linux 12 (bookworm)" },
    ...{ securityOptions: ["name=seccomp,profile=builtin"], memoryLimit: true, swapLimit: true },
};
/** What a look at the Docker host finds, and what the state knows; a test may put something there. */
const nothing = {
    facts: { found: { networks: [], volumes: [], containers: [] } },
    parts: [
        { refused: { found: [] }, generation: { found: "1" } },
        { refused: { found: [] }, generation: { found: "1" } },
        { generation: { found: "1" } },
    ],
};
/** What the last deployment of the stack left. */
const lastOutputs = {
    dockerEngine: {
        ...{ endpoint: process.env.DOCKER_HOST ?? "", id: engine.id, instance: hostname(), traits: usualTraits },
    },
};
export const host: { observed: object; lastOutputs: object; state: object } = {
    ...{ observed: nothing, lastOutputs, state: {} },
};

/** What the program asked of the Docker host since the test began. */
export const observations: Question[] = [];

/** What the providers compute, by type: a mock that only echoes its inputs would hide a missing dependency. */
const computed: Record<string, (inputs: Record<string, unknown>) => object> = {
    "command:local:Command": () => ({ stdout: "said by the command", stderr: "" }),
};

void pulumi.runtime.setMocks(
    {
        newResource(args) {
            created.push(args);
            return { id: `${args.name}-id`, state: { ...args.inputs, ...computed[args.type]?.(args.inputs) } };
        },
        call({ token, inputs }) {
            if (token === "pulumi:pulumi:readStackResourceOutputs") {
                const stack = { type: "pulumi:pulumi:Stack", outputs: host.lastOutputs };
                return { ...inputs, outputs: { ...host.state, stack } };
            }
            if (token !== "command:local:run") {
                throw new Error(`no mock for the function ${token}`);
            }
            observations.push(JSON.parse(inputs.stdin));
            return { ...inputs, stdout: JSON.stringify({ engine: { found: engine }, ...host.observed }) };
        },
    },
    "metrics-stack",
    "test",
    false,
    "organization",
);

// The mocks are not told of a resource's options: they are read from the request itself.
const requests = new Map<string, RegisterResourceRequest>();
interface Monitor {
    registerResource(request: RegisterResourceRequest, done: unknown): Promise<void>;
}
const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
const registerResource = monitor.registerResource.bind(monitor);
monitor.registerResource = (request, done) => {
    requests.set(request.getName(), request);
    return registerResource(request, done);
};

/** The options of a resource. */
export function optionsOf(name: string) {
    const request = requests.get(name);
    if (!request) {
        throw new Error(`no resource is named ${name}`);
    }
    return {
        parent: request.getParent(),
        dependencies: request.getDependenciesList().map((urn) => urn.split("::").at(-1)),
        replaceOnChanges: request.getReplaceonchangesList(),
        deleteBeforeReplace: request.getDeletebeforereplace(),
        retainOnDelete: request.getRetainondelete(),
        protect: request.getProtect(),
        ignoreChanges: request.getIgnorechangesList(),
        additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    };
}

// A template literal around an Output must fail here, not end up as a warning sentence in a rendered file.
process.env.PULUMI_ERROR_OUTPUT_STRING = "true";

export const mochaHooks = {
    beforeEach() {
        created.length = 0;
        requests.clear();
        observations.length = 0;
        host.observed = nothing;
        host.state = {};
        host.lastOutputs = lastOutputs;
    },
};

/** Waits until every declared resource is registered. */
export const registered = () => pulumi.runtime.disconnect();

/** The value of an Output. Rejects where the Output failed, which `apply` never does; the method is the SDK's own. */
export const valueOf = <T>(output: pulumi.Output<T>) => (output as unknown as { promise(): Promise<T> }).promise();

/** The inputs of the one resource of a type and name. @throws if there is none. */
export function inputsOf(type: string, name: string): Record<string, unknown> {
    const found = created.filter((resource) => resource.type === type && resource.name === name);
    if (found.length !== 1) {
        throw new Error(`${found.length} resources of type ${type} are named ${name}`);
    }
    return found[0]?.inputs as Record<string, unknown>;
}

/** "type name" of everything that was declared, sorted. */
export const declared = () => created.map(({ type, name }) => `${type} ${name}`).sort();

const secretMark = "4dabf18193072939515e22adb298388d";

/** The plain value of a secret input. @throws if the input is not a secret. */
export function unsecret(value: unknown): unknown {
    if (typeof value !== "object" || value === null || !(secretMark in value) || !("value" in value)) {
        throw new Error("not a secret");
    }
    return value.value;
}

/** Types of resources, as the engine knows them. */
export const types = {
    container: "docker:index/container:Container",
    network: "docker:index/network:Network",
    volume: "docker:index/volume:Volume",
    command: "command:local:Command",
};
