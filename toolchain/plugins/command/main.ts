import { version } from "@pulumi/command/package.json";
import type { Properties, Provider } from "../shared/provider";
import { serve } from "../shared/serve";
import { commandKind } from "./command";
import { execute, stopAll } from "./execute";

/** The command plugin for machines that cannot download the official one; see toolchain/plugins/README.md. */
const provider: Provider = {
    version,
    keepsSecrets: true,
    kinds: { "command:local:Command": commandKind },
    functions: {
        async "command:local:run"(args: Properties) {
            const { stdout, stderr } = await execute(String(args.command), args, {});
            return { ...args, stdout, stderr };
        },
    },
    checkConfig: () => [],
    configure: async () => undefined,
    cancel: stopAll,
};

serve(provider, process.argv.at(-1));
