// @ts-check
// What the next steps need to reach a Docker host, in a folder that the runner removes with the job. Nothing is written into
// the home folder, which a runner of one's own keeps.
const { accessSync, constants, mkdirSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { addPath, Failure, required, setVariable } = require("./runner");

/**
 * An ssh that has the key and trusts the pinned host keys alone; first on the PATH, where docker and Pulumi's plugin find it.
 * @param {string} key
 * @param {string} knownHosts
 */
function useSshKey(key, knownHosts) {
    const settings = [
        `IdentityFile "${secretFile("key", key)}"`,
        "IdentitiesOnly yes",
        `UserKnownHostsFile "${secretFile("known_hosts", knownHosts)}"`,
        "GlobalKnownHostsFile /dev/null",
        "StrictHostKeyChecking yes",
        "BatchMode yes",
        "ConnectTimeout 15",
    ];
    const config = secretFile("ssh_config", settings.join("\n"));
    const programs = folder("bin");
    writeFileSync(path.join(programs, "ssh"), `#!/bin/sh\nexec "${find("ssh")}" -F "${config}" "$@"\n`, {
        mode: 0o700,
    });
    addPath(programs);
}

/**
 * Docker's certificates, under the names that it looks for.
 * Source: https://docs.docker.com/engine/security/protect-access/
 * @param {string} ca
 * @param {string} certificate
 * @param {string} key
 */
function useCertificates(ca, certificate, key) {
    secretFile("ca.pem", ca);
    secretFile("cert.pem", certificate);
    setVariable("DOCKER_CERT_PATH", path.dirname(secretFile("key.pem", key)));
    setVariable("DOCKER_TLS_VERIFY", "1");
}

/** @param {string} program */
function find(program) {
    const candidates = (process.env.PATH ?? "").split(path.delimiter).map((each) => path.join(each, program));
    const found = candidates.find((candidate) => {
        try {
            accessSync(candidate, constants.X_OK);
            return true;
        } catch {
            return false;
        }
    });
    if (found === undefined) {
        throw new Failure(`This runner has no ${program}: install it.`);
    }
    return found;
}

/**
 * Ends in a newline: a secret that was typed into a form has none, and ssh insists on it.
 * @param {string} name
 * @param {string} text
 */
function secretFile(name, text) {
    const file = path.join(folder("access"), name);
    writeFileSync(file, `${text.trimEnd()}\n`, { mode: 0o600 });
    return file;
}

/** @param {string} name */
function folder(name) {
    const made = path.join(required("RUNNER_TEMP"), "metrics-stack", name);
    mkdirSync(made, { recursive: true, mode: 0o700 });
    return made;
}

module.exports = { useSshKey, useCertificates };
