// @ts-check
// Gives the next steps the state and the Docker hosts of a job's stacks, as far as the GitHub environment has access to them.
// In: NAME, of the stack or fleet; STACKS, with commas between them; PURPOSE, one of preview, deploy and drift; STACK_INPUT, where
// somebody asked for it by hand; the variables and secrets below, empty where they are not set. Out: `stacks`, those that the next
// steps have something to do with.
const { readFileSync } = require("node:fs");
const { parse } = require("yaml");
const { run } = require("../../toolchain/compiled");
const { useCertificates, useSshKey } = require("./dockerAccess");
const { stacks } = require("./each");
const { Failure, required, setOutput, setVariable, step, summarize } = require("./runner");

/** What goes on to the next steps as it is. */
const passedOn = [
    ...["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_ACCESS_TOKEN"],
    ...["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "DOCKER_HOST"],
];
const certificates = ["DOCKER_TLS_CA", "DOCKER_TLS_CERT", "DOCKER_TLS_KEY"];

const purpose = required("PURPOSE");
const name = required("NAME");
const environment = purpose === "deploy" ? name : `${name}-${purpose}`;

/**
 * @typedef {object} Stack
 * @property {string} stack
 * @property {string} endpoint of Docker; "" is the runner's own engine
 */

void step(async () => {
    const { readConfig } = await run("commands/stackFileCopy.ts");
    const all = stacks().map((stack) => ({
        stack,
        // The stack file says it, or a file that it extends.
        endpoint: /** @type {string} */ (readConfig(fileOf(stack)).dockerHost ?? process.env.DOCKER_HOST ?? ""),
    }));
    const ready = all.filter((each) => {
        const reason = noState(each) ?? noPreview(each);
        if (reason !== undefined) {
            leaveOut(each, reason);
        }
        return reason === undefined;
    });
    setOutput("stacks", ready.map(({ stack }) => stack).join(","));
    if (ready.length === 0) {
        return;
    }
    for (const variable of passedOn.filter((each) => process.env[each])) {
        setVariable(variable, required(variable));
    }
    connectHosts(ready);
});

const fileOf = (/** @type {string} */ stack) => `Pulumi.${stack}.yaml`;

/** A repository deploys the stacks that it is set up for. Only somebody who asked for this one wants to hear that it is not. */
function leaveOut(/** @type {Stack} */ { stack }, /** @type {string} */ reason) {
    if (process.env.STACK_INPUT) {
        throw new Failure(reason);
    }
    process.stdout.write(`::notice::${reason}\n`);
    summarize(`**${stack}**: left out. ${reason}`);
}

/** Why the state is out of reach. @returns {string | undefined} */
function noState(/** @type {Stack} */ { stack }) {
    if (!process.env.PULUMI_BACKEND_URL) {
        return `The GitHub environment ${environment} has no variable PULUMI_BACKEND_URL, so it knows no state of the stack.`;
    }
    const { PULUMI_CONFIG_PASSPHRASE, PULUMI_ACCESS_TOKEN } = process.env;
    return PULUMI_CONFIG_PASSPHRASE ||
        PULUMI_ACCESS_TOKEN ||
        parse(readFileSync(fileOf(stack), "utf8"))?.secretsprovider
        ? undefined
        : `The GitHub environment ${environment} has neither a secret PULUMI_CONFIG_PASSPHRASE nor PULUMI_ACCESS_TOKEN.`;
}

/** Why not even a preview is possible. @returns {string | undefined} */
function noPreview(/** @type {Stack} */ { endpoint }) {
    return purpose === "preview" && endpoint.startsWith("tcp:") && !isReached({ endpoint })
        ? `The Docker provider asks ${endpoint} even for a preview, and the GitHub environment ${environment} has no certificates.`
        : undefined;
}

/** What this environment needs to reach a Docker endpoint. */
function needed(/** @type {string} */ endpoint) {
    return endpoint.startsWith("ssh:") ? ["SSH_PRIVATE_KEY"] : endpoint.startsWith("tcp:") ? certificates : [];
}

/** A runner of one's own may reach it by itself. The engine of GitHub's runners is gone with the job: no stack is ever there. */
function isReached(/** @type {Pick<Stack, "endpoint">} */ { endpoint }) {
    const secrets = needed(endpoint);
    const has = secrets.length > 0 && secrets.every((each) => Boolean(process.env[each]));
    return has || process.env.RUNNER_ENVIRONMENT === "self-hosted";
}

function connectHosts(/** @type {readonly Stack[]} */ stacks) {
    const outOfReach = stacks.filter((each) => !isReached(each));
    if (outOfReach.length > 0 && purpose !== "preview") {
        throw new Failure(outOfReach.map(noAccess).join("\n"));
    }
    if (outOfReach.length > 0) {
        // Of several stacks either all hosts are asked or none: who sees a preview has to know which it is.
        setVariable("METRICS_STACK_SKIP_HOST_CHECKS", "true");
    }
    const has = (/** @type {string} */ scheme) => stacks.some(({ endpoint }) => endpoint.startsWith(scheme));
    if (has("ssh:") && process.env.SSH_PRIVATE_KEY) {
        if (!process.env.SSH_KNOWN_HOSTS) {
            throw new Failure(
                `The GitHub environment ${environment} has SSH_PRIVATE_KEY but no variable SSH_KNOWN_HOSTS: set it to the ` +
                    "lines of ssh-keyscan <host>, compared with the host's own /etc/ssh/ssh_host_*_key.pub.",
            );
        }
        useSshKey(process.env.SSH_PRIVATE_KEY, process.env.SSH_KNOWN_HOSTS);
    }
    if (has("tcp:") && certificates.every((each) => process.env[each])) {
        useCertificates(required("DOCKER_TLS_CA"), required("DOCKER_TLS_CERT"), required("DOCKER_TLS_KEY"));
    }
}

function noAccess(/** @type {Stack} */ { stack, endpoint }) {
    return endpoint === ""
        ? `The stack ${stack} names no Docker host, and this runner's engine is gone after the job: set ` +
              `metrics-stack:dockerHost in ${fileOf(stack)}.`
        : `The GitHub environment ${environment} has no access to ${endpoint}: set the secrets ${needed(endpoint).join(", ")}.`;
}
