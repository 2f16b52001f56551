import * as path from "node:path";
import { dockerName } from "../components/stack";
import { configMountPath, targetsFolder } from "../config/prometheus";
import { project } from "./checkout";
import { prepareDocker } from "./environment";
import { inTerminal, output, ToolError } from "./process";
import { say } from "./progress";
import { stackFileCopy } from "./state";

/** A configuration that Prometheus ran with, and since when. */
interface Release {
    readonly name: string;
    /** UTC, e.g. "2026-01-31T12:00:00Z". */
    readonly since: string;
}

/**
 * Puts an earlier release of Prometheus' configuration back, as a deployment would: switched, loaded, verified, and undone
 * where that fails. It needs neither Pulumi nor the declaration. The declaration still says what it said: the next preview
 * shows the difference, and the next up deploys the declaration again.
 * @param args `--list`, or the name of a release. @default the one before the current
 * @throws ToolError where there is none
 */
export async function rollback(stack: string, args: readonly string[]): Promise<number> {
    await prepareDocker(stackFileCopy(stack));
    const container = dockerName(stack, "prometheus");
    const image = output("docker", ["inspect", "--format", "{{.Config.Image}}", container]).trim();
    const settings = {
        VOLUME: dockerName(stack, "prometheus-config"),
        MOUNT_PATH: configMountPath,
        WATCHED_FOLDER: targetsFolder,
        IMAGE: image,
        CONTAINER: container,
        PROGRAM: "prometheus",
        START_TIMEOUT: "300000",
        // Not what any deployment knows of: the next preview shows the difference.
        GENERATION: `${new Date().toISOString()}: rolled back by hand`,
    };
    const { releases, current } = history(settings);
    const wanted = args.find((argument, i) => !argument.startsWith("-") && !/^(-s|--stack)$/.test(args[i - 1] ?? ""));
    if (args.includes("--list")) {
        releases.forEach(({ name, since }) => say(`${since}  ${name}${name === current ? "  (current)" : ""}`));
        return 0;
    }
    const known = releases.filter(({ name }) => name !== current);
    const release = wanted === undefined ? known.at(-1) : known.find(({ name }) => name === wanted);
    if (!release) {
        const names = known.map(({ name }) => name).join(", ");
        const reason = wanted === undefined ? "There is no earlier release" : `There is no earlier release ${wanted}`;
        throw new ToolError(
            `${reason} of ${container}'s configuration${names === "" ? "." : `; write one of ${names}.`}`,
        );
    }
    const env = { ...settings, RELEASE: release.name };
    const status = await inTerminal(process.execPath, [delivery("activate")], { env });
    if (status === 0) {
        say(`Prometheus runs with the configuration of ${release.since} again (release ${release.name}).`);
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
