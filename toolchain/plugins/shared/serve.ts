import * as grpc from "@grpc/grpc-js";
import * as engineRpc from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as providerRpc from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { CheckFailure, Diff, EngineClient, Log, Properties, Provider, ResourceKind } from "./provider";

/** The largest message, in bytes, as in the official SDKs. */
const largestMessage = 400 * 1024 * 1024;

const options = {
    "grpc.max_receive_message_length": largestMessage,
    "grpc.max_send_message_length": largestMessage,
};

/** Starts a gRPC server on loopback and prints its port, which is how the engine finds it. */
export function listen(service: grpc.ServiceDefinition, handlers: grpc.UntypedServiceImplementation): void {
    const server = new grpc.Server(options);
    server.addService(service, handlers);
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
        if (error) {
            throw error;
        }
        process.stdout.write(`${port}\n`);
    });
}

/** A call's handler: an error becomes the call's failure, with its message only. */
export function handler<Request, Response>(handle: (request: Request) => Promise<Response> | Response) {
    return (call: { request: Request }, done: (error: object | null, response?: Response) => void) => {
        Promise.resolve()
            .then(() => handle(call.request))
            .then(
                (response) => done(null, response),
                ({ message }: Error) => done({ code: grpc.status.UNKNOWN, message }),
            );
    };
}

/** Serves a provider to the engine. @param engineAddress where the engine listens for log messages */
export function serve(provider: Provider, engineAddress: string | undefined): void {
    const logFor = logger(engineAddress);
    listen(providerRpc.ResourceProviderService as never, {
        ...configuration(provider),
        ...resources(provider, logFor),
        getPluginInfo: handler(() => {
            const info = new plugin.PluginInfo();
            info.setVersion(provider.version);
            return info;
        }),
        invoke: handler(async (request: rpc.InvokeRequest) => {
            const call = provider.functions[request.getTok()];
            if (!call) {
                throw new Error(`The function ${request.getTok()} is not supported by the plugin from packages.`);
            }
            const response = new rpc.InvokeResponse();
            response.setReturn(toStruct(await call(fromStruct(request.getArgs()))));
            return response;
        }),
        cancel: handler(() => {
            provider.cancel();
            return new Empty();
        }),
    });
}

function configuration(provider: Provider): grpc.UntypedServiceImplementation {
    return {
        checkConfig: handler((request: rpc.CheckRequest) => {
            const inputs = fromStruct(request.getNews());
            return checkResponse(request, provider.checkConfig(inputs));
        }),
        diffConfig: handler(() => new rpc.DiffResponse()),
        configure: handler(async (request: rpc.ConfigureRequest) => {
            await provider.configure(fromStruct(request.getArgs()));
            const response = new rpc.ConfigureResponse();
            response.setAcceptsecrets(provider.keepsSecrets);
            response.setSupportspreview(true);
            return response;
        }),
    };
}

function resources(provider: Provider, logFor: (urn: string) => Log): grpc.UntypedServiceImplementation {
    const kindOf = (urn: string): ResourceKind => {
        const type = typeOf(urn);
        const kind = provider.kinds[type];
        if (!kind) {
            throw new Error(`The resource type ${type} is not supported by the plugin from packages.`);
        }
        return kind;
    };
    return {
        check: handler((request: rpc.CheckRequest) =>
            checkResponse(
                request,
                kindOf(request.getUrn()).check(nameOf(request.getUrn()), fromStruct(request.getNews())),
            ),
        ),
        diff: handler((request: rpc.DiffRequest) => {
            const oldInputs = request.getOldInputs() ?? request.getOlds();
            return diffResponse(
                kindOf(request.getUrn()).diff(
                    fromStruct(request.getOlds()),
                    fromStruct(oldInputs),
                    fromStruct(request.getNews()),
                ),
            );
        }),
        create: handler(async (request: rpc.CreateRequest) => {
            const kind = kindOf(request.getUrn());
            const inputs = fromStruct(request.getProperties());
            const response = new rpc.CreateResponse();
            if (request.getPreview()) {
                response.setProperties(toStruct(kind.planned(inputs, {})));
                return response;
            }
            const { id, state } = await kind.create(inputs, logFor(request.getUrn()));
            response.setId(id);
            response.setProperties(toStruct(state));
            return response;
        }),
        update: handler(async (request: rpc.UpdateRequest) => {
            const kind = kindOf(request.getUrn());
            const [state, inputs] = [fromStruct(request.getOlds()), fromStruct(request.getNews())];
            const response = new rpc.UpdateResponse();
            const updated = request.getPreview()
                ? kind.planned(inputs, state)
                : await kind.update(request.getId(), state, inputs, logFor(request.getUrn()));
            response.setProperties(toStruct(updated));
            return response;
        }),
        read: handler(async (request: rpc.ReadRequest) => {
            const found = await kindOf(request.getUrn()).read(request.getId(), fromStruct(request.getProperties()));
            const response = new rpc.ReadResponse();
            if (found) {
                response.setId(request.getId());
                response.setProperties(toStruct(found.state));
                response.setInputs(request.getInputs() ?? toStruct(found.inputs));
            }
            return response;
        }),
        delete: handler(async (request: rpc.DeleteRequest) => {
            await kindOf(request.getUrn()).delete(request.getId(), fromStruct(request.getProperties()));
            return new Empty();
        }),
    };
}

// The parts of a URN are separated by "::"; the type's own part names its parents too, separated by "$".
const typeOf = (urn: string) => urn.split("::")[2]?.split("$").at(-1) ?? "";
const nameOf = (urn: string) => urn.split("::").slice(3).join("::");

/** Reads a message's properties, without those that an official plugin keeps for itself in a state it wrote ("__defaults"). */
const fromStruct = (struct: Struct | undefined): Properties =>
    JSON.parse(JSON.stringify(struct?.toJavaScript() ?? {}), function (this: object, key, value: unknown) {
        return key.startsWith("__") && !Array.isArray(this) ? undefined : value;
    }) as Properties;

const toStruct = (properties: Properties): Struct =>
    // What is undefined has no place in a message.
    Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)));

function checkResponse(request: rpc.CheckRequest, failures: readonly CheckFailure[]): rpc.CheckResponse {
    const response = new rpc.CheckResponse();
    response.setInputs(request.getNews());
    response.setFailuresList(
        failures.map(({ property, reason }) => {
            const failed = new rpc.CheckFailure();
            failed.setProperty(property);
            failed.setReason(reason);
            return failed;
        }),
    );
    return response;
}

const kinds = {
    add: [rpc.PropertyDiff.Kind.ADD, rpc.PropertyDiff.Kind.ADD_REPLACE],
    delete: [rpc.PropertyDiff.Kind.DELETE, rpc.PropertyDiff.Kind.DELETE_REPLACE],
    update: [rpc.PropertyDiff.Kind.UPDATE, rpc.PropertyDiff.Kind.UPDATE_REPLACE],
} as const;

function diffResponse({ differences, deleteBeforeReplace }: Diff): rpc.DiffResponse {
    const response = new rpc.DiffResponse();
    const keys = Object.keys(differences);
    response.setChanges(
        keys.length > 0 ? rpc.DiffResponse.DiffChanges.DIFF_SOME : rpc.DiffResponse.DiffChanges.DIFF_NONE,
    );
    response.setDiffsList(keys);
    response.setReplacesList(keys.filter((key) => differences[key]?.replace));
    response.setDeletebeforereplace(deleteBeforeReplace && response.getReplacesList().length > 0);
    response.setHasdetaileddiff(true);
    for (const [key, { kind, replace }] of Object.entries(differences)) {
        const detail = new rpc.PropertyDiff();
        detail.setKind(kinds[kind][replace ? 1 : 0]);
        detail.setInputdiff(true);
        response.getDetaileddiffMap().set(key, detail);
    }
    return response;
}

function logger(engineAddress: string | undefined): (urn: string) => Log {
    if (engineAddress === undefined) {
        return () => async () => undefined;
    }
    const client = new engineRpc.EngineClient(
        engineAddress,
        grpc.credentials.createInsecure(),
        options,
    ) as unknown as EngineClient;
    return (urn) => (message) => {
        const request = new engine.LogRequest();
        request.setSeverity(engine.LogSeverity.INFO);
        request.setMessage(message);
        request.setUrn(urn);
        return new Promise((resolve) => client.log(request, () => resolve()));
    };
}
