import * as path from "node:path";
import { built } from "../../toolchain/go";
import { baseEntries } from "../../toolchain/images/base";
import { importImage } from "../../toolchain/images/import";
import { provideImage } from "../../toolchain/images/provide";
import { toolchainMode } from "../../toolchain/mode";
import { docker } from "./checkout";

/** Cortex, which Mimir was forked from: the official image, or where it cannot be pulled the same version from its Go module. */
const version = "1.21.1";
const image = `quay.io/cortexproject/cortex:v${version}`;

/** Source of the image: https://github.com/cortexproject/cortex/blob/v1.21.1/cmd/cortex/Dockerfile */
export const provideCortex = () =>
    provideImage(
        {
            ...{ name: image, reference: image },
            fromPackages: async (reference) => {
                const folder = await built({
                    ...{ title: `Cortex ${version}`, duration: "3 minutes", name: "cortex" },
                    folder: path.join(__dirname, "cortex"),
                    packages: ["github.com/cortexproject/cortex/cmd/cortex"],
                    version: `main.Version=${version}`,
                    // Without it the program starts, and panics at its first series: https://github.com/cortexproject/cortex/blob/v1.21.1/Makefile
                    tags: "slicelabels",
                });
                await importImage(reference, {
                    settings: ['ENTRYPOINT ["/bin/cortex"]'],
                    entries: [
                        ...(await baseEntries()),
                        { name: "bin/cortex", content: { file: path.join(folder, "cortex") } },
                    ],
                });
            },
        },
        toolchainMode(),
    );

/**
 * All that takes samples and answers queries, in one process; it asks for a tenant.
 * Source: https://cortexmetrics.io/docs/configuration/configuration-file/
 */
const configuration = `
target: distributor,ingester,querier,query-frontend,store-gateway
server: { http_listen_port: 9009 }
distributor: { shard_by_all_labels: true }
ingester:
    lifecycler:
        address: 127.0.0.1
        min_ready_duration: 0s
        ring: { kvstore: { store: inmemory }, replication_factor: 1 }
querier: { store_gateway_addresses: "127.0.0.1:9095" }
blocks_storage:
    backend: filesystem
    filesystem: { dir: /tmp/blocks }
    tsdb: { dir: /tmp/tsdb }
    bucket_store: { sync_dir: /tmp/sync }
`;

/** A Cortex in a container, which other containers find at its `url`. */
export class Cortex {
    public readonly url: string;

    /** @param name of the container */
    constructor(private readonly name: string) {
        this.url = `http://${name}:9009`;
    }

    public start(network: string): void {
        const begin = `cat > /tmp/cortex.yml << 'END'\n${configuration}END\nexec /bin/cortex -config.file=/tmp/cortex.yml`;
        docker("run", "--detach", "--name", this.name, "--network", network, "--entrypoint", "sh", image, "-c", begin);
    }

    /**
     * What it answers of what one tenant has sent.
     * @param asked e.g. "query?query=up"
     * @returns the answer's data, or why there is none
     */
    public ask(asked: string, tenant?: string): unknown {
        const header = tenant === undefined ? [] : ["--header", `X-Scope-OrgID: ${tenant}`];
        const url = `http://127.0.0.1:9009/prometheus/api/v1/${asked}`;
        return (JSON.parse(docker("exec", this.name, "wget", "-q", "-O-", ...header, url)) as { data: unknown }).data;
    }

    public remove(): void {
        docker("rm", "--force", "--volumes", this.name);
    }
}
