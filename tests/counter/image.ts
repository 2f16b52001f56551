import * as path from "node:path";
import { baseEntries, nobody } from "../../toolchain/images/base";
import { importImage } from "../../toolchain/images/import";

const here = (file: string) => ({ file: path.join(__dirname, file) });

/** Makes the image of the counter: a busybox whose web server runs a shell script. */
export async function importCounter(reference: string): Promise<void> {
    await importImage(reference, {
        settings: [`USER ${nobody}`, "EXPOSE 8080", 'ENTRYPOINT ["/bin/counter"]'],
        entries: [
            ...(await baseEntries()),
            { name: "bin/counter", content: here("counter.sh") },
            { name: "www", content: "folder" },
            { name: "www/cgi-bin", content: "folder" },
            { name: "www/cgi-bin/metrics", content: here("metrics.sh") },
            // A new volume gets the owner of the folder that it is mounted over.
            { name: "counter", content: "folder", owner: nobody },
        ],
    });
}
