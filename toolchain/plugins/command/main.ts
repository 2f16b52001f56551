import { version } from "@pulumi/command/package.json";
import type { Provider } from "../shared/provider";
import { serve } from "../shared/serve";
import { commandKind, run } from "./command";
import { stopAll } from "./execute";

/** The command plugin for machines that cannot download the official one; see toolchain/plugins/README.md. */
const provider: Provider = {
    version,
    keepsSecrets: true,
    kinds: { "command:local:Command": commandKind },
    functions: {
        "command:local:run": run,
    },
    checkConfig: () => [],
    configure: async () => undefined,
    cancel: stopAll,
};

serve(provider, process.argv.at(-1));
