import type { Node } from "yaml";
import { Scalar } from "yaml";
import { note } from "../notes";
import { textOf } from "../source";
import { flagValue } from "./flags";
import { hasKey, portOf } from "./moved";
import type { Moved, Turning } from "./turning";
import { unknownIn } from "./variables";

/** What is declared of a service in the keys that mean the same in every part: where people find it, its memory, its data. */

type Keys = Record<string, Node | string | number | undefined>;

export const commonKeys = (moved: Moved, turning: Turning): Keys => ({
    ...published(moved, turning),
    ...memory(moved, turning),
    ...data(moved, turning),
});

const usual = "127.0.0.1";

/** A part is private unless somebody has said on which address of the host it is. */
function published({ service, part }: Moved, { say }: Turning): Keys {
    const { port: standard } = part.settings.parse(undefined) as { port?: number };
    const found = service.ports.find(({ target }) => target === portOf(service, part));
    if (!hasKey(part, "bindAddress") || found === undefined) {
        return {};
    }
    const what = `service ${service.name}: ports`;
    const unknown = unknownIn(new Scalar(found.published)) ?? unknownIn(new Scalar(found.address ?? ""));
    if (unknown !== undefined || !/^\d+$/.test(found.published)) {
        const words = `${unknown ?? found.published} is no port: write port and bindAddress of ${part.key}`;
        say(note("decide", found.node, what, words));
        return {};
    }
    if (found.address === undefined) {
        const words = `was on every address of the host, and is on ${usual}: ${part.key}.bindAddress: 0.0.0.0 has it as before, for all who reach the host`;
        say(note("decide", found.node, what, words));
    }
    const port = Number(found.published);
    return {
        port: port === standard ? undefined : port,
        bindAddress: found.address === usual ? undefined : found.address,
    };
}

const units: Readonly<Record<string, number>> = { GB: 2 ** 30, MB: 2 ** 20, KB: 2 ** 10 };

/** Source: https://docs.docker.com/reference/compose-file/extension/#specifying-byte-values */
function memory({ service, part }: Moved, { say }: Turning): Keys {
    const given = textOf(service.memory);
    if (given === undefined || !hasKey(part, "memoryLimit")) {
        return {};
    }
    const [, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([kmg]?)b?$/i.exec(given) ?? [];
    const factor = units[`${unit.toUpperCase()}B`] ?? 1;
    if (amount === "") {
        const words = `${given} is no size: write memoryLimit of ${part.key}`;
        say(note("decide", service.memory, `service ${service.name}: memory`, words));
        return {};
    }
    const bytes = Math.round(Number(amount) * factor);
    const [name = "B", size = 1] = Object.entries(units).find(([, each]) => bytes % each === 0) ?? [];
    return { memoryLimit: `${bytes / size}${name}` };
}

/** The volume stays whose it is, and the part goes on with what is in it. */
function data({ service, part }: Moved, { say, project }: Turning): Keys {
    const mountPath = part.data?.mountPath;
    if (mountPath === undefined) {
        return {};
    }
    const what = `service ${service.name}: data`;
    // Without the flag, Prometheus keeps them in a folder of where it is started, which is the volume.
    const inside =
        part.key === "prometheus" && service.flags.length > 0
            ? (flagValue(service.flags, "storage.tsdb.path") ?? `${mountPath}/data`)
            : mountPath;
    const folder = inside.replace(/(.)\/+$/, "$1");
    const mount = service.mounts.find(({ target }) => folder === target || folder.startsWith(`${target}/`));
    const tell = (words: string) => say(note("decide", mount?.node ?? service.image?.node, what, words));
    if (part.key === "prometheus" && service.flags.some(({ name }) => name === "agent")) {
        tell("the log of an agent begins anew: stop it when it has sent what it has");
        return {};
    }
    if (mount === undefined) {
        tell(`${part.data?.holds} were in the container itself, and begin anew`);
        return {};
    }
    if (!hasKey(part, "dataVolume")) {
        tell(`${part.data?.holds} stay in ${mount.source}, and begin anew`);
        return {};
    }
    if (mount.isVolume && mount.target === folder) {
        const volume = project.volume(mount.source);
        say(
            note(
                "moved",
                mount.node,
                what,
                `${part.data?.holds} stay in the volume ${volume}, which \`docker volume ls\` lists`,
            ),
        );
        return { dataVolume: volume };
    }
    const from = mount.isVolume ? project.volume(mount.source) : mount.source;
    const below = folder.slice(mount.target.length).replace(/^\//, "");
    const copied = `docker run --rm --volume ${from}:/from --volume ${project.name}_${part.role}_data:/to alpine cp -a /from/${below}${below && "/"}. /to/`;
    tell(
        `${part.data?.holds} are in ${mount.isVolume ? "a folder of the volume" : "the folder"} ${from}: stop it, copy them with \`${copied}\`, and write dataVolume: ${project.name}_${part.role}_data`,
    );
    return {};
}
