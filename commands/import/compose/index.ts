import * as path from "node:path";
import type { Node, Pair } from "yaml";
import { isMap, Scalar, YAMLMap } from "yaml";
import { hostAlias } from "../../../config/check/engine";
import type { Mount } from "../atHand";
import type { Beside, Converted, FoundFile } from "../converted";
import type { Note } from "../notes";
import { note } from "../notes";
import type { Source } from "../source";
import { keyOf, listOf, mapOf, textOf, valueOf } from "../source";
import { declare } from "../words";
import { commonKeys } from "./common";
import { declaredFlags, flagValue } from "./flags";
import { grafanaKeys } from "./grafana";
import { isNewer, partOf, portOf } from "./moved";
import { joinedNetworks } from "./staying";
import { projectOf } from "./project";
import type { Service } from "./service";
import { servicesIn } from "./service";
import type { Moved, Turning } from "./turning";
import { interpolate, variablesIn } from "./variables";

export interface FromCompose extends Converted {
    /** What of the machine the containers of parts see. */
    readonly mounts: readonly (Mount & { readonly part: string })[];
    /** The configurations that the containers of parts read. */
    readonly configurations: readonly { readonly part: string; readonly found: FoundFile }[];
    /** The parts that take the place of what answers at host:port. */
    readonly addresses: Readonly<Record<string, string>>;
}

/** Turns the services of a compose file that are parts of a stack into their settings. All others stay where they are. */
export function importCompose({ root, file }: Source, beside: Beside): FromCompose {
    const notes: Note[] = [];
    const files: Record<string, string> = {};
    if (!isMap(root)) {
        const lost: Note = { kind: "lost", file, what: "the file", words: "holds no keys; it is no compose file" };
        return { declaration: new YAMLMap(), files, notes: [lost], mounts: [], configurations: [], addresses: {} };
    }
    const variables = variablesIn(beside.find(".env")[0]?.text ?? "");
    interpolate(root, variables);
    const services = servicesIn(root);
    const include = root.items.find((pair) => keyOf(pair) === "include");
    if (include) {
        notes.push(note("decide", include.key, "include", "names other files: name them to the import too"));
    }
    const moved = services.flatMap((service) => {
        const part = partOf(service);
        return part ? [{ service, part }] : [];
    });
    const turning: Turning = {
        ...beside,
        project: projectOf(root, file, variables),
        say: (said) => void notes.push(said),
        add: (place, text) => void (files[place] = text),
        placeOf: hostPlace,
    };
    const settings = moved.map((each) => [each.part.key, settingsOf(each, turning)] as const);
    const staying = services.filter((service) => !moved.some((each) => each.service === service));
    const join = joinedNetworks(moved, staying, turning);
    const declaration = mapOf({
        ...Object.fromEntries(settings.filter(([, { items }]) => items.length > 0)),
        network: join.length > 0 ? mapOf({ join: listOf(join.map((name) => new Scalar(name))) }) : undefined,
    });
    const folder = path.dirname(file);
    const isOnHost = moved.some(({ service, part }) => part.key === "prometheus" && service.isOnHost);
    return {
        declaration,
        files,
        notes,
        mounts: moved.flatMap(({ service, part }) =>
            service.mounts
                .filter(({ isVolume }) => !isVolume)
                .map(({ source, target }) => ({
                    part: part.key,
                    inside: target,
                    place: path.isAbsolute(source) ? source : path.join(folder, source),
                })),
        ),
        configurations: moved.flatMap((each) => configuration(each, turning)),
        addresses: Object.fromEntries(moved.flatMap((each) => addressesOf(each, isOnHost))),
    };
}

/** Where a path of a container is on the host: by the mount that is nearest to it. */
function hostPlace({ mounts }: Service, inside: string): string | undefined {
    const [nearest] = mounts
        .filter(({ target, isVolume }) => !isVolume && (inside === target || inside.startsWith(`${target}/`)))
        .sort((a, b) => b.target.length - a.target.length);
    return nearest && path.posix.join(nearest.source, path.posix.relative(nearest.target, inside));
}

function settingsOf(moved: Moved, turning: Turning): YAMLMap {
    const { service, part } = moved;
    const what = `service ${service.name}`;
    const { image } = service;
    const version = image?.tag === "latest" || image === undefined ? "" : `, in place of ${image.tag}`;
    turning.say(note("moved", image?.node, what, `is the stack's ${part.title}, ${part.image.standard}${version}`));
    tellLeftOut(service, what, turning);
    const settings = mapOf({
        ...(image && isNewer(image, part.image.standard) ? { image: newer(image.node, what, turning) } : {}),
        ...(part.key === "alertmanager" ? { enabled: true } : {}),
        ...commonKeys(moved, turning),
        ...declaredFlags(part.key, service.flags, what, turning.say),
        ...(part.key === "grafana" ? grafanaKeys(service, what, turning) : {}),
    });
    declare(settings, part.settings, { ...turning, what });
    return settings;
}

/** What decides who reaches a container, how, and as what: a part has its own ways. */
const isLeftOut = (pair: Pair) =>
    /^(entrypoint|extra_hosts|dns|user|extends)$/.test(keyOf(pair)) ||
    (keyOf(pair) === "labels" && /traefik|caddy|proxy/i.test(JSON.stringify(valueOf(pair.value))));

function tellLeftOut({ node, mounts }: Service, what: string, { say }: Turning): void {
    for (const pair of node.items.filter(isLeftOut)) {
        say(note("decide", pair.key, `${what}: ${keyOf(pair)}`, "is left out: a part of the stack has its own"));
    }
    for (const mount of mounts.filter(({ target }) => /\.ini$/.test(target))) {
        const words = `is left out: what ${mount.target} says has no key, but for what GF_* variables have`;
        say(note("decide", mount.node, `${what}: volumes`, words));
    }
}

/** What a newer one has written, an older one may not read. */
function newer(image: Scalar, what: string, { say }: Turning): Node {
    say(note("changed", image, `${what}: image`, `${textOf(image)} is newer than the stack's own, and stays`));
    return image;
}

const programs = { prometheus: "/etc/prometheus/prometheus.yml", alertmanager: "/etc/alertmanager/alertmanager.yml" };

/** The configuration that a program reads. */
function configuration({ service, part }: Moved, { find, say, placeOf }: Turning): FromCompose["configurations"] {
    if (part.key !== "prometheus" && part.key !== "alertmanager") {
        return [];
    }
    const inside = flagValue(service.flags, "config.file") ?? programs[part.key];
    const place = placeOf(service, inside);
    const found = place === undefined ? undefined : find(place)[0];
    if (found === undefined) {
        const where = place === undefined ? "in its image" : `in ${place}, which is not at hand`;
        const words = `its configuration ${inside} is ${where}: name the file to the import too`;
        say(note("decide", service.image?.node, `service ${service.name}`, words));
    }
    return found === undefined ? [] : [{ part: part.key, found }];
}

/** Where others find a service. @param isOnHost whether Prometheus is in the host's network */
function addressesOf({ service, part }: Moved, isOnHost: boolean): [string, string][] {
    const port = portOf(service, part);
    const published = service.ports.filter(({ target }) => target === port).map((each) => each.published);
    const hosts = [hostAlias, ...(isOnHost ? ["localhost", "127.0.0.1"] : [])];
    const ofHost = (service.isOnHost ? [port] : published).flatMap((each) => hosts.map((host) => `${host}:${each}`));
    const ofName = service.isOnHost ? [] : service.names.map((name) => `${name}:${port}`);
    return [...ofName, ...ofHost].map((address) => [address, part.key]);
}
