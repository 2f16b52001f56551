// @ts-check
// Gives the next steps the stack's state and its Docker host, as far as the GitHub environment has access to them.
// In: STACK; PURPOSE, one of preview, deploy and drift; the variables and secrets below, empty where they are not set.
// Out: `ready`, false where the environment knows no state: then there is nothing to do with this stack.
const { accessSync, constants, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { parse } = require("yaml");
const { addPath, Failure, required, setOutput, setVariable, step, summarize } = require("./runner");

/** What goes on to the next steps as it is. */
const passedOn = [
    ...["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_ACCESS_TOKEN"],
    ...["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"],
];

const stack = required("STACK");
const purpose = required("PURPOSE");
const environment = purpose === "deploy" ? stack : `${stack}-${purpose}`;

void step(() => {
    /** @type {Record<string, any>} */
    const stackFile = parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")) ?? {};
    const reason = noState(stackFile) ?? noPreview(stackFile);
    if (reason !== undefined) {
        // Nobody asked for this stack by name: a repository deploys the stacks that it is set up for.
        if (process.env.GITHUB_EVENT_NAME === "workflow_dispatch" && process.env.STACK_INPUT) {
            throw new Failure(reason);
        }
        process.stdout.write(`::notice::${reason}\n`);
        summarize(`**${stack}**: left out. ${reason}`);
        setOutput("ready", "false");
        return;
    }
    for (const name of passedOn.filter((name) => process.env[name])) {
        setVariable(name, required(name));
    }
    connectHost(endpointOf(stackFile));
    setOutput("ready", "true");
});

/** @param {Record<string, any>} stackFile @returns {string | undefined} why the state is out of reach */
function noState(stackFile) {
    if (!process.env.PULUMI_BACKEND_URL) {
        return `The GitHub environment ${environment} has no variable PULUMI_BACKEND_URL, so it knows no state of the stack.`;
    }
    const encrypts =
        process.env.PULUMI_CONFIG_PASSPHRASE || process.env.PULUMI_ACCESS_TOKEN || stackFile.secretsprovider;
    return encrypts
        ? undefined
        : `The GitHub environment ${environment} has neither a secret PULUMI_CONFIG_PASSPHRASE nor PULUMI_ACCESS_TOKEN.`;
}

/** @param {Record<string, any>} stackFile @returns {string | undefined} why not even a preview is possible */
function noPreview(stackFile) {
    const endpoint = endpointOf(stackFile);
    return purpose === "preview" && endpoint?.startsWith("tcp:") && !reaches(endpoint)
        ? `The Docker provider asks ${endpoint} even for a preview, and the GitHub environment ${environment} has no certificates for it.`
        : undefined;
}

/** @param {Record<string, any>} stackFile @returns {string | undefined} undefined is the runner's own engine */
const endpointOf = (stackFile) =>
    stackFile.config?.["metrics-stack:dockerHost"] ?? (process.env.DOCKER_HOST || undefined);

/**
 * Whether this environment has what it takes to reach a Docker endpoint. A runner of one's own may have it by itself; the engine
 * of GitHub's runners is gone with the job, so no stack is ever there.
 * @param {string | undefined} endpoint
 */
function reaches(endpoint) {
    const keys = endpoint?.startsWith("ssh:") ? ["SSH_PRIVATE_KEY"] : endpoint?.startsWith("tcp:") ? certificates : [];
    return (
        process.env.RUNNER_ENVIRONMENT === "self-hosted" ||
        (keys.length > 0 && keys.every((name) => Boolean(process.env[name])))
    );
}

const certificates = ["DOCKER_TLS_CA", "DOCKER_TLS_CERT", "DOCKER_TLS_KEY"];

/** @param {string | undefined} endpoint */
function connectHost(endpoint) {
    if (!reaches(endpoint)) {
        if (purpose !== "preview") {
            throw new Failure(
                endpoint === undefined
                    ? `The stack ${stack} names no Docker host, and this runner's engine is gone after the job: set ` +
                          `metrics-stack:dockerHost in Pulumi.${stack}.yaml.`
                    : `The GitHub environment ${environment} has no access to ${endpoint}: set ` +
                          `${endpoint.startsWith("ssh:") ? "SSH_PRIVATE_KEY" : certificates.join(", ")}.`,
            );
        }
        setVariable("METRICS_STACK_SKIP_HOST_CHECKS", "true");
    }
    if (process.env.DOCKER_HOST) {
        setVariable("DOCKER_HOST", process.env.DOCKER_HOST);
    }
    if (process.env.SSH_PRIVATE_KEY) {
        connectBySsh(process.env.SSH_PRIVATE_KEY);
    }
    if (certificates.every((name) => process.env[name])) {
        const folder = privateFolder("tls");
        ["ca.pem", "cert.pem", "key.pem"].forEach((file, i) =>
            writePrivate(path.join(folder, file), required(certificates[i] ?? "")),
        );
        setVariable("DOCKER_CERT_PATH", folder);
        setVariable("DOCKER_TLS_VERIFY", "1");
    }
}

/**
 * An ssh that knows the key and trusts the pinned host keys alone. It is first on the PATH, and nothing is written into the
 * home folder, which a runner of one's own keeps.
 * @param {string} key
 */
function connectBySsh(key) {
    if (!process.env.SSH_KNOWN_HOSTS) {
        throw new Failure(
            `The GitHub environment ${environment} has SSH_PRIVATE_KEY but no variable SSH_KNOWN_HOSTS: set it to the lines ` +
                "of ssh-keyscan <host>, compared with the host's own /etc/ssh/ssh_host_*_key.pub.",
        );
    }
    const folder = privateFolder("ssh");
    const [identity, knownHosts, config] = ["key", "known_hosts", "config"].map((file) => path.join(folder, file));
    writePrivate(`${identity}`, key);
    writePrivate(`${knownHosts}`, process.env.SSH_KNOWN_HOSTS);
    const settings = [
        `IdentityFile "${identity}"`,
        "IdentitiesOnly yes",
        `UserKnownHostsFile "${knownHosts}"`,
        "GlobalKnownHostsFile /dev/null",
        "StrictHostKeyChecking yes",
        "BatchMode yes",
        "ConnectTimeout 15",
    ];
    writePrivate(`${config}`, settings.join("\n"));
    const ssh = (process.env.PATH ?? "")
        .split(path.delimiter)
        .map((each) => path.join(each, "ssh"))
        .find(exists);
    if (ssh === undefined) {
        throw new Failure("This runner has no ssh.");
    }
    const programs = privateFolder("bin");
    writeFileSync(path.join(programs, "ssh"), `#!/bin/sh\nexec "${ssh}" -F "${config}" "$@"\n`, { mode: 0o700 });
    addPath(programs);
}

/** @param {string} file */
function exists(file) {
    try {
        accessSync(file, constants.X_OK);
        return true;
    } catch {
        return false;
    }
}

/** A folder that the runner removes with the job. @param {string} name */
function privateFolder(name) {
    const folder = path.join(required("RUNNER_TEMP"), "metrics-stack", name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
}

/** A secret loses its last newline in a form; ssh insists on it. @param {string} file @param {string} text */
const writePrivate = (file, text) => writeFileSync(file, `${text.trimEnd()}\n`, { mode: 0o600 });
