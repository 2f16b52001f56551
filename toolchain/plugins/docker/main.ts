import { version } from "@pulumi/docker/package.json";
import type Docker from "dockerode";
import type { Properties, Provider } from "../shared/provider";
import { unknown } from "../shared/provider";
import { serve } from "../shared/serve";
import { unsupported } from "../shared/unsupported";
import { connect } from "./client";
import { containerKind } from "./container";
import { networkKind } from "./network";
import { volumeKind } from "./volume";

/** The Docker plugin for machines that cannot download the official one; see toolchain/plugins/README.md. */

let client: Docker | undefined;

function docker(): Docker {
    if (!client) {
        throw new Error("the Docker endpoint is not known yet");
    }
    return client;
}

const configuration = ["host", "certPath", "version"];

const provider: Provider = {
    version,
    // The engine then marks as secret whatever it handed over as a secret.
    keepsSecrets: false,
    kinds: {
        "docker:index/container:Container": containerKind(docker),
        "docker:index/network:Network": networkKind(docker),
        "docker:index/volume:Volume": volumeKind(docker),
    },
    functions: {},
    checkConfig: ({ context, ...inputs }) =>
        unsupported("pulumi:providers:docker", configuration, context ? { ...inputs, context } : inputs),
    async configure(inputs: Properties) {
        if (inputs.host !== unknown) {
            client = await connect(inputs);
        }
    },
    cancel: () => undefined,
};

serve(provider, process.argv.at(-1));
