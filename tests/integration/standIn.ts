import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { find } from "../../toolchain/process";
import type { Checkout } from "./checkout";

const script = `#!/bin/sh
case "$* " in *$AT_CALL*) mkdir "$ONCE" 2> /dev/null || exec "$REAL_DOCKER" "$@" ;; *) exec "$REAL_DOCKER" "$@" ;; esac
eval "$DO_BEFORE"
"$REAL_DOCKER" "$@"
status=$?
eval "$DO_AFTER"
exit $status
`;

/**
 * A stand-in for the docker command line, with which the delivery does all its work: it passes everything on, and does
 * something of the test's at one call, the first of its kind. `$REAL_DOCKER` is the real one, `$PPID` the step that calls.
 */
export class DockerStandIn {
    private readonly folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-docker-"));
    private uses = 0;

    constructor(private readonly checkout: Checkout) {
        const file = path.join(this.folder, "docker");
        writeFileSync(file, script);
        chmodSync(file, 0o755);
    }

    /**
     * @param call part of the docker command line, e.g. " sh switch ", or a shell pattern, e.g. "grafana-config* sh switch "
     * @param does shell commands to run around it
     * @param work what is done meanwhile, such as an `up`
     */
    public async at<Result>(
        call: string,
        does: { readonly before?: string; readonly after?: string },
        work: () => Promise<Result>,
    ): Promise<Result> {
        const { environment } = this.checkout;
        const { PATH } = environment;
        Object.assign(environment, {
            PATH: `${this.folder}${path.delimiter}${PATH}`,
            REAL_DOCKER: find("docker"),
            AT_CALL: call,
            ONCE: path.join(this.folder, `done-${(this.uses += 1)}`),
            DO_BEFORE: does.before ?? "",
            DO_AFTER: does.after ?? "",
        });
        try {
            return await work();
        } finally {
            environment.PATH = PATH;
        }
    }

    public remove(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}
