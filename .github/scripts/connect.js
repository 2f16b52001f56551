// @ts-check
// Gives the next steps the stack's state and its Docker host, as far as the GitHub environment has access to them.
// In: STACK; PURPOSE, one of preview, deploy and drift; STACK_INPUT, where somebody asked for the stack by hand; the variables
// and secrets below, empty where they are not set. Out: `ready`, false where there is nothing to do with this stack.
const { readFileSync } = require("node:fs");
const { parse } = require("yaml");
const { run } = require("../../toolchain/compiled");
const { useCertificates, useSshKey } = require("./dockerAccess");
const { Failure, required, setOutput, setVariable, step, summarize } = require("./runner");

/** What goes on to the next steps as it is. */
const passedOn = [
    ...["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_ACCESS_TOKEN"],
    ...["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "DOCKER_HOST"],
];
const certificates = ["DOCKER_TLS_CA", "DOCKER_TLS_CERT", "DOCKER_TLS_KEY"];

const stack = required("STACK");
const purpose = required("PURPOSE");
const environment = purpose === "deploy" ? stack : `${stack}-${purpose}`;
/** @type {Record<string, any>} */
const stackFile = parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")) ?? {};
/** The Docker endpoint; none is the runner's own engine. */
let endpoint = "";

void step(async () => {
    endpoint = (await declaredHost()) ?? process.env.DOCKER_HOST ?? "";
    const reason = noState() ?? noPreview();
    if (reason !== undefined) {
        leaveOut(reason);
        return;
    }
    for (const name of passedOn.filter((name) => process.env[name])) {
        setVariable(name, required(name));
    }
    connectHost();
    setOutput("ready", "true");
});

/** The stack file says it, or a file that it extends. @returns {Promise<string | undefined>} */
async function declaredHost() {
    const { readConfig } = await run("commands/stackFileCopy.ts");
    return readConfig(`Pulumi.${stack}.yaml`).dockerHost;
}

/** A repository deploys the stacks that it is set up for. Only somebody who asked for this one wants to hear that it is not. */
function leaveOut(/** @type {string} */ reason) {
    if (process.env.STACK_INPUT) {
        throw new Failure(reason);
    }
    process.stdout.write(`::notice::${reason}\n`);
    summarize(`**${stack}**: left out. ${reason}`);
    setOutput("ready", "false");
}

/** Why the state is out of reach. @returns {string | undefined} */
function noState() {
    if (!process.env.PULUMI_BACKEND_URL) {
        return `The GitHub environment ${environment} has no variable PULUMI_BACKEND_URL, so it knows no state of the stack.`;
    }
    const { PULUMI_CONFIG_PASSPHRASE, PULUMI_ACCESS_TOKEN } = process.env;
    return PULUMI_CONFIG_PASSPHRASE || PULUMI_ACCESS_TOKEN || stackFile.secretsprovider
        ? undefined
        : `The GitHub environment ${environment} has neither a secret PULUMI_CONFIG_PASSPHRASE nor PULUMI_ACCESS_TOKEN.`;
}

/** Why not even a preview is possible. @returns {string | undefined} */
function noPreview() {
    return purpose === "preview" && endpoint.startsWith("tcp:") && !reachesHost()
        ? `The Docker provider asks ${endpoint} even for a preview, and the GitHub environment ${environment} has no certificates.`
        : undefined;
}

/** What this environment needs to reach the Docker endpoint. */
function needed() {
    return endpoint.startsWith("ssh:") ? ["SSH_PRIVATE_KEY"] : endpoint.startsWith("tcp:") ? certificates : [];
}

/** A runner of one's own may reach it by itself. The engine of GitHub's runners is gone with the job: no stack is ever there. */
function reachesHost() {
    const has = needed().length > 0 && needed().every((name) => Boolean(process.env[name]));
    return has || process.env.RUNNER_ENVIRONMENT === "self-hosted";
}

function connectHost() {
    if (!reachesHost()) {
        if (purpose !== "preview") {
            throw new Failure(
                endpoint === ""
                    ? `The stack ${stack} names no Docker host, and this runner's engine is gone after the job: set ` +
                          `metrics-stack:dockerHost in Pulumi.${stack}.yaml.`
                    : `The GitHub environment ${environment} has no access to ${endpoint}: set the secrets ${needed().join(", ")}.`,
            );
        }
        setVariable("METRICS_STACK_SKIP_HOST_CHECKS", "true");
    } else if (endpoint.startsWith("ssh:") && process.env.SSH_PRIVATE_KEY) {
        if (!process.env.SSH_KNOWN_HOSTS) {
            throw new Failure(
                `The GitHub environment ${environment} has SSH_PRIVATE_KEY but no variable SSH_KNOWN_HOSTS: set it to the ` +
                    "lines of ssh-keyscan <host>, compared with the host's own /etc/ssh/ssh_host_*_key.pub.",
            );
        }
        useSshKey(process.env.SSH_PRIVATE_KEY, process.env.SSH_KNOWN_HOSTS);
    } else if (endpoint.startsWith("tcp:") && process.env.DOCKER_TLS_KEY) {
        useCertificates(required("DOCKER_TLS_CA"), required("DOCKER_TLS_CERT"), process.env.DOCKER_TLS_KEY);
    }
}
