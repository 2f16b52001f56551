import * as path from "node:path";
import { configVolumeName, dockerName } from "../components/dockerName";
import type { Part } from "../components/part";
import { parts } from "../components/parts";
import type { Command, Given } from "./command";
import { stackOption } from "./command";
import { project } from "../toolchain/checkout";
import { prepareDocker } from "./environment";
import { declaredParts } from "./images";
import { dockerSync } from "../toolchain/docker";
import { inTerminal, output, ToolError } from "../toolchain/process";
import { say } from "../toolchain/progress";
import { stackFileCopy } from "./stackFileCopy";

/** The parts with a configuration of their own; see components/configVolume.ts. */
const configured = (all: readonly Part[]) =>
    all.flatMap(({ configuration, ...part }) => (configuration ? [{ ...part, configuration }] : []));
/** What an operator calls a part: of those of a list or a group, each has a name of its own. */
const nameOf = ({ key, role, path }: Pick<Part, "key" | "role" | "path">) => (path === undefined ? key : role);

/** A configuration that a program ran with, and since when. */
interface Release {
    readonly name: string;
    /** UTC, e.g. "2026-01-31T12:00:00Z". */
    readonly since: string;
}

export const command: Command = {
    name: "rollback",
    summary: "put a program's previous configuration back, at once",
    about: "It needs neither Pulumi nor the declaration, which still says what it said: the next preview shows the difference.",
    operand: {
        name: "RELEASE",
        meaning: "which one, as --list names it",
        default: "the last one that the program ran with before the current",
    },
    options: [
        { name: "list", meaning: "list the releases that there are, and change nothing" },
        {
            name: "program",
            value: "NAME",
            meaning: "whose: a part, such as alertmanager, thanos-store or exporter-NAME",
            default: "prometheus",
        },
        stackOption,
    ],
    fleet: {},
    examples: [
        "npm run rollback",
        "npm run rollback -- --list",
        "npm run rollback -- --program alertmanager 865a2f1fc29b",
    ],
    run: rollback,
};

/**
 * Puts an earlier release of a program's configuration back, as a deployment would: switched, loaded, verified, and undone
 * where that fails. It needs neither Pulumi nor the declaration. The declaration still says what it said: the next preview
 * shows the difference, and the next up deploys the declaration again.
 * @throws ToolError where there is none
 */
async function rollback({ stack: { name: stack }, options, operands }: Given): Promise<number> {
    const [wanted] = operands;
    const program = options.get("program") ?? "prometheus";
    const stackFile = stackFileCopy(stack);
    const all = [...configured(parts), ...configured(listed(stackFile))];
    const target = all.find((part) => nameOf(part) === program);
    if (!target) {
        throw new ToolError(`--program is ${JSON.stringify(program)}; write ${all.map(nameOf).join(" or ")}.`);
    }
    const { role, title, configuration } = target;
    await prepareDocker(stackFile);
    const container = dockerName(stack, role);
    const shell = configuration.withoutShell ? dockerName(stack, parts[0]?.role) : container;
    const image = dockerSync(["inspect", "--format", "{{.Config.Image}}", shell]).trim();
    const settings = {
        MOUNT_PATH: configuration.mountPath,
        WATCHED_FOLDER: configuration.watchedFolder,
        VOLUME: configVolumeName(stack, target),
        IMAGE: image,
        CONTAINER: container,
        PROGRAM: target.key,
        START_TIMEOUT: "300000",
        // Not what any deployment knows of: the next preview shows the difference.
        GENERATION: `${new Date().toISOString()}: rolled back by hand`,
    };
    const { releases, current } = history(settings);
    if (options.has("list")) {
        releases.forEach(({ name, since }) => say(`${since}  ${name}${name === current ? "  (current)" : ""}`));
        if (!releases.some(({ name }) => name === current)) {
            say(`${current} is current; its deployment did not come to its end.`);
        }
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

/** The parts that a stack file has in lists. */
const listed = (stackFile: string) => declaredParts(stackFile).flatMap(({ part }) => (part.path ? [part] : []));

/**
 * The releases that the program ran with, oldest first, and the name of the current one: another one than the last of them where
 * a deployment was broken off.
 */
function history(settings: Readonly<Record<string, string>>): { releases: Release[]; current: string } {
    const [current = "", ...lines] = output(process.execPath, [delivery("history")], { env: settings }).split("\n");
    const all = lines.filter(Boolean).map((line) => ({
        since: line.slice(0, line.indexOf(" ")),
        name: line.slice(line.indexOf(" ") + 1),
    }));
    // A release that came back counts once, as of the last time.
    const releases = all.filter(({ name }, i) => !all.slice(i + 1).some((later) => later.name === name));
    return { releases, current };
}

const delivery = (step: string) => path.join(project, "components", "delivery", `${step}.js`);
