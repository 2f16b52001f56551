import { version } from "@pulumi/docker/package.json";
import type Docker from "dockerode";
import type { CheckFailure, Properties, Provider } from "../shared/provider";
import { unknown } from "../shared/provider";
import { serve } from "../shared/serve";
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

const configuration = ["host", "certPath", "context", "version"];

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
    checkConfig: (inputs): CheckFailure[] =>
        Object.keys(inputs)
            .filter(
                (property) => !configuration.includes(property) || (property === "context" && inputs.context !== ""),
            )
            .map((property) => ({
                property,
                reason: `pulumi:providers:docker: input "${property}" is not supported by the plugin from packages; use the official plugin (TOOLCHAIN=official)`,
            })),
    async configure(inputs: Properties) {
        if (inputs.host !== unknown) {
            client = await connect(inputs);
        }
    },
    cancel: () => undefined,
};

serve(provider, process.argv.at(-1));
