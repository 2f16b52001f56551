import * as path from "node:path";
import { dockerName } from "../components/dockerName";
import { parts } from "../components/parts";
import { readArguments } from "./arguments";
import { project } from "../toolchain/checkout";
import { prepareDocker } from "./environment";
import { inTerminal, output, ToolError } from "../toolchain/process";
import { say } from "../toolchain/progress";
import { stackFileCopy } from "../toolchain/state";

/** A configuration that a program ran with, and since when. */
interface Release {
    readonly name: string;
    /** UTC, e.g. "2026-01-31T12:00:00Z". */
    readonly since: string;
}

/**
 * Puts an earlier release of a program's configuration back, as a deployment would: switched, loaded, verified, and undone
 * where that fails. It needs neither Pulumi nor the declaration. The declaration still says what it said: the next preview
 * shows the difference, and the next up deploys the declaration again.
 * @param args `--list`, or the name of a release, by default the one before the current; and `--program`, by default prometheus
 * @throws ToolError where there is none
 */
export async function rollback(stack: string, args: readonly string[]): Promise<number> {
    const { flags, values, positionals } = readArguments("rollback", args, {
        ...{ flags: ["list"], values: ["program"], positionals: 1 },
    });
    const [wanted] = positionals;
    const program = values.program ?? "prometheus";
    const configured = parts.flatMap(({ configuration, ...part }) =>
        configuration ? [{ ...part, configuration }] : [],
    );
    const target = configured.find(({ key }) => key === program);
    if (!target) {
        const known = configured.map(({ key }) => key).join(" or ");
        throw new ToolError(`--program is ${JSON.stringify(program)}; write ${known}.`);
    }
    const { role, title, configuration } = target;
    await prepareDocker(stackFileCopy(stack));
    const container = dockerName(stack, role);
    const image = output("docker", ["inspect", "--format", "{{.Config.Image}}", container]).trim();
    const settings = {
        MOUNT_PATH: configuration.mountPath,
        WATCHED_FOLDER: configuration.watchedFolder,
        VOLUME: dockerName(stack, `${role}-config`),
        IMAGE: image,
        CONTAINER: container,
        PROGRAM: program,
        START_TIMEOUT: "300000",
        // Not what any deployment knows of: the next preview shows the difference.
        GENERATION: `${new Date().toISOString()}: rolled back by hand`,
    };
    const { releases, current } = history(settings);
    if (flags.has("list")) {
        releases.forEach(({ name, since }) => say(`${since}  ${name}${name === current ? "  (current)" : ""}`));
        return 0;
    }
    const earlier = releases.filter(({ name }) => name !== current);
    const release = wanted === undefined ? earlier.at(-1) : earlier.find(({ name }) => name === wanted);
    if (!release) {
        const names = earlier.map(({ name }) => name).join(", ");
        const reason = wanted === undefined ? "There is no earlier release" : `There is no earlier release ${wanted}`;
        throw new ToolError(
            `${reason} of ${container}'s configuration${names === "" ? "." : `; write one of ${names}.`}`,
        );
    }
    const env = { ...settings, RELEASE: release.name };
    const status = await inTerminal(process.execPath, [delivery("activate")], { env });
    if (status === 0) {
        say(`${title} runs with the configuration of ${release.since} again (release ${release.name}).`);
        say("The stack file still declares the other one: change it before the next up, which deploys what it says.");
    }
    return status;
}

/** The releases that can be put back, oldest first, and the name of the current one. */
function history(settings: Readonly<Record<string, string>>): { releases: Release[]; current: string | undefined } {
    const lines = output(process.execPath, [delivery("history")], { env: settings })
        .split("\n")
        .filter(Boolean);
    const all = lines.map((line) => ({
        since: line.slice(0, line.indexOf(" ")),
        name: line.slice(line.indexOf(" ") + 1),
    }));
    // A release that came back counts once, as of the last time.
    const releases = all.filter(({ name }, i) => !all.slice(i + 1).some((later) => later.name === name));
    return { releases, current: releases.at(-1)?.name };
}

const delivery = (step: string) => path.join(project, "components", "delivery", `${step}.js`);
