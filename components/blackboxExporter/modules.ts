import type { Files } from "../../config/render/files";
import { toYaml } from "../../config/render/yaml";
import type { DeclaredProbe, Prober } from "../../config/schema/probe";
import { dnsQuestion, instanceOf, proberOf, withoutScheme } from "../../config/schema/probe";
import type { BlackboxExporterSettings } from "./settings";

/**
 * The modules that probes need: one for each way to ask, and one for each probe that expects something of its own.
 * Source: https://github.com/prometheus/blackbox_exporter/blob/master/CONFIGURATION.md
 */

/** How one probe is asked for: which module, and what it is handed. */
export interface Asked {
    readonly module: string;
    readonly target: string;
}

/** Docker's networks have IPv4; an address that is none is asked all the same. */
const ip = { preferred_ip_protocol: "ip4" };

const plain: Readonly<Record<Exclude<Prober, "dns">, object>> = {
    http: { prober: "http", http: ip },
    tcp: { prober: "tcp", tcp: ip },
    tls: { prober: "tcp", tcp: { ...ip, tls: true } },
    icmp: { prober: "icmp", icmp: ip },
};

/** No declared module can have such a name. */
const ownName = (probe: DeclaredProbe) => `probe:${instanceOf(probe)}`;

/** @returns the module of a probe's own; undefined where it needs none */
function moduleOf({ target, status, text, module }: DeclaredProbe): object | undefined {
    const prober = proberOf(target);
    if (module !== undefined || (prober !== "dns" && status === undefined && text === undefined)) {
        return undefined;
    }
    switch (prober) {
        case "dns": {
            const { name, type } = dnsQuestion(target) ?? {};
            return { prober, dns: { ...ip, query_name: name, query_type: type } };
        }
        case "http":
            return {
                prober,
                http: {
                    ...ip,
                    ...(status && { valid_status_codes: status }),
                    ...(text !== undefined && { fail_if_body_not_matches_regexp: [text] }),
                },
            };
        default:
            return {
                prober: "tcp",
                tcp: { ...ip, ...(prober === "tls" && { tls: true }), query_response: [{ expect: text }] },
            };
    }
}

/** What Prometheus asks the exporter for. */
export function asked(probe: DeclaredProbe): Asked {
    const { target, module } = probe;
    const prober = proberOf(target);
    if (module !== undefined) {
        return { module, target };
    }
    return {
        module: moduleOf(probe) === undefined ? prober : ownName(probe),
        target:
            prober === "http" ? target : prober === "dns" ? (dnsQuestion(target)?.server ?? "") : withoutScheme(target),
    };
}

/** The file with all modules; secrets are not in it. */
export const renderModules = (
    { modules }: Pick<BlackboxExporterSettings, "modules">,
    probes: readonly DeclaredProbe[],
): Files => ({
    "config.yml": toYaml({
        modules: {
            ...plain,
            ...Object.fromEntries(
                probes.flatMap((probe) => {
                    const own = moduleOf(probe);
                    return own ? [[ownName(probe), own]] : [];
                }),
            ),
            ...modules,
        },
    }),
});
