import type { Node, Pair, YAMLMap } from "yaml";
import { isMap, isNode, isScalar, isSeq, Scalar } from "yaml";
import { placeOf, remember } from "../places";
import { keyOf, textOf } from "../source";

/** A service of a compose file, in whichever of its ways it is written. Source: https://docs.docker.com/reference/compose-file/services/ */
export interface Service {
    readonly name: string;
    readonly node: YAMLMap;
    readonly image: Image | undefined;
    readonly flags: readonly Flag[];
    readonly ports: readonly Port[];
    readonly mounts: readonly Mount[];
    /** Its networks, as the file calls them. */
    readonly networks: readonly string[];
    readonly isOnHost: boolean;
    /** What others on its networks call it. */
    readonly names: readonly string[];
    readonly environment: Readonly<Record<string, Node>>;
    readonly memory: Scalar | undefined;
}

export interface Image {
    /** E.g. "prom/prometheus". */
    readonly repository: string;
    /** @default "latest" */
    readonly tag: string;
    readonly node: Scalar;
}

export interface Flag {
    readonly name: string;
    /** @default it has none */
    readonly value: string | undefined;
    /** Its value, or it, as a node that knows its place. */
    readonly node: Scalar;
}

export interface Port {
    /** The address of the host. @default all */
    readonly address: string | undefined;
    /** The port of the host. */
    readonly published: string;
    readonly target: string;
    readonly node: Node;
}

export interface Mount {
    /** A path of the host or the name of a volume. */
    readonly source: string;
    readonly target: string;
    readonly isVolume: boolean;
    readonly node: Node;
}

export function readService({ key, value }: Pair, root: YAMLMap): Service | undefined {
    if (!isMap(value)) {
        return undefined;
    }
    const name = String(key);
    const networks = value.get("networks", true);
    const listed = namesIn(networks);
    const mode = textOf(value.get("network_mode", true));
    return {
        name,
        node: value,
        image: imageOf(value.get("image", true)),
        flags: flagsIn(value.get("command", true)),
        ports: portsIn(value.get("ports", true)),
        mounts: [...mountsIn(value.get("volumes", true)), ...filesIn(root, value)],
        networks: mode === undefined ? (listed.length > 0 ? listed : ["default"]) : [],
        isOnHost: mode === "host",
        names: [
            ...new Set([
                name,
                ...["container_name", "hostname"].flatMap((each) => textOf(value.get(each, true)) ?? []),
                ...(isMap(networks) ? networks.items.flatMap(({ value: each }) => aliasesIn(each)) : []),
            ]),
        ],
        environment: environmentIn(value.get("environment", true)),
        memory: [value.getIn(["deploy", "resources", "limits", "memory"], true), value.get("mem_limit", true)].find(
            (each): each is Scalar => isScalar(each),
        ),
    };
}

const namesIn = (node: unknown): string[] =>
    isMap(node) ? node.items.map(keyOf) : isSeq(node) ? node.items.flatMap((item) => textOf(item) ?? []) : [];

const aliasesIn = (network: unknown) => (isMap(network) ? namesIn(network.get("aliases", true)) : []);

function imageOf(node: unknown): Image | undefined {
    const [, repository, tag = "latest"] = /^(.+?)(?::([\w][\w.-]*))?(?:@.*)?$/.exec(textOf(node) ?? "") ?? [];
    return isScalar(node) && repository !== undefined ? { repository, tag, node } : undefined;
}

/** A text is taken apart as a shell does. */
function flagsIn(command: unknown): Flag[] {
    const items = isSeq(command) ? command.items.filter((item): item is Scalar => isScalar(item)) : [];
    const words = isScalar(command)
        ? wordsOf(textOf(command) ?? "").map((word) => placed(word, command))
        : items.map((item) => placed(textOf(item) ?? "", item));
    return words.flatMap((node, i) => {
        const [, name, value] = /^--?([a-z][\w.-]*)(?:=([^]*))?$/.exec(String(node.value)) ?? [];
        const next = String(words[i + 1]?.value ?? "-");
        return name === undefined ? [] : [{ name, value: value ?? (next.startsWith("-") ? undefined : next), node }];
    });
}

/** A text that knows where it comes from. */
export function placed(value: string, origin: Node): Scalar<string> {
    const scalar = new Scalar(value);
    const place = placeOf(origin);
    if (place) {
        remember(scalar, place);
    }
    return scalar;
}

const wordsOf = (text: string) =>
    [...text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));

/** "127.0.0.1:9090:9090/tcp", and the long form. Source: https://docs.docker.com/reference/compose-file/services/#ports */
function portsIn(node: unknown): Port[] {
    const items = isSeq(node) ? node.items.filter((item) => isNode(item)) : [];
    return items.flatMap((item): Port[] => {
        if (isMap(item)) {
            const [address, published, target] = ["host_ip", "published", "target"].map((key) =>
                textOf(item.get(key, true)),
            );
            return published === undefined || target === undefined ? [] : [{ address, published, target, node: item }];
        }
        const [, address, published, target] =
            /^(?:(\[[^\]]*\]|[\d.]+):)?([^:]+):(\d+)(?:\/tcp)?$/.exec(textOf(item) ?? "") ?? [];
        return published === undefined || target === undefined
            ? []
            : [{ address: address?.replace(/^\[(.*)\]$/, "$1"), published, target, node: item }];
    });
}

/** "./config:/etc/prometheus:ro", and the long form. Source: https://docs.docker.com/reference/compose-file/services/#volumes */
function mountsIn(node: unknown): Mount[] {
    const items = isSeq(node) ? node.items.filter((item) => isNode(item)) : [];
    return items.flatMap((item): Mount[] => {
        const [source, target] = isMap(item)
            ? ["source", "target"].map((key) => textOf(item.get(key, true)))
            : (textOf(item) ?? "").split(":");
        const isVolume = isMap(item) ? textOf(item.get("type", true)) === "volume" : !/^[./~$]/.test(source ?? "");
        return source === undefined || target === undefined
            ? []
            : [{ source, target: target.replace(/(.)\/+$/, "$1"), isVolume, node: item }];
    });
}

/** The files that `configs` and `secrets` mount. Source: https://docs.docker.com/reference/compose-file/configs/ */
function filesIn(root: YAMLMap, service: YAMLMap): Mount[] {
    return (["configs", "secrets"] as const).flatMap((list) => {
        const node = service.get(list, true);
        const named = isSeq(node) ? node.items.filter((item) => isNode(item)) : [];
        const usual = list === "configs" ? "/" : "/run/secrets/";
        return named.flatMap((item): Mount[] => {
            const name = isMap(item) ? textOf(item.get("source", true)) : textOf(item);
            const source = textOf(root.getIn([list, name, "file"], true));
            const target = isMap(item) ? textOf(item.get("target", true)) : undefined;
            return source === undefined || name === undefined
                ? []
                : [{ source, target: target ?? usual + name, isVolume: false, node: item }];
        });
    });
}

/** A map, or a list of `NAME=value`. */
function environmentIn(node: unknown): Record<string, Node> {
    const pairs = isMap(node)
        ? node.items.map((pair) => [keyOf(pair), pair.value] as const)
        : (isSeq(node) ? node.items : []).map((item) => {
              const [, name = "", value = ""] = /^([^=]*)=?([^]*)$/.exec(textOf(item) ?? "") ?? [];
              return [name, isNode(item) ? placed(value, item) : item] as const;
          });
    return Object.fromEntries(pairs.flatMap(([name, value]) => (isNode(value) ? [[name, value]] : [])));
}

/** The services of a compose file. */
export const servicesIn = (root: YAMLMap): Service[] => {
    const services = root.get("services", true);
    return (isMap(services) ? services.items : []).flatMap((pair) => readService(pair, root) ?? []);
};
