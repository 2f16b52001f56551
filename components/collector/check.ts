import { clientMistakes } from "../../config/check/jobs";
import { hostMistake, loopbackMistake } from "../../config/schema/hosts";
import type { Lenient } from "../../config/schema/lenient";
import type { LenientDeclaration } from "../../config/schema/part";
import type { Problem } from "../../config/schema/problems";
import { at, show } from "../../config/schema/problems";
import type { CollectorExporter, CollectorSettings } from "./settings";

interface Receiving {
    readonly receive?: { readonly otlp?: boolean };
}

/** The mistakes of a collector that only show when its keys, and those of its receivers, are seen together. */
export function checkCollector({ collector, prometheus, storage }: LenientDeclaration): Problem[] {
    const settings = (collector ?? {}) as Lenient<CollectorSettings>;
    if (settings.enabled !== true) {
        return [];
    }
    const exporters = (settings.exporters ?? []).map((each) => each ?? {});
    const isSentToPrometheus = (prometheus as Receiving | undefined)?.receive?.otlp === true;
    return [
        ...(isSentToPrometheus || exporters.length > 0
            ? []
            : mistake(
                  ["collector", "enabled"],
                  "is true, and the collector has nobody to send to; write prometheus: {receive: {otlp: true}} too, or collector.exporters",
              )),
        ...(isSentToPrometheus && storage?.tsdb?.outOfOrderTimeWindow === undefined
            ? mistake(
                  ["storage", "tsdb", "outOfOrderTimeWindow"],
                  'is missing: what waits in the collector may arrive behind newer samples, which Prometheus refuses; write one, such as "30m"',
              )
            : []),
        ...exporters.flatMap((each, i) =>
            exporterMistakes(each).map((problem) => at(["collector", "exporters", i], problem)),
        ),
        ...sameNames(exporters),
    ];
}

const mistake = (path: Problem["path"], message: string): Problem[] => [{ path, message }];

type Exporter = Lenient<CollectorExporter>;

function exporterMistakes(exporter: Exporter): Problem[] {
    const { endpoint, authorization } = exporter;
    if (endpoint === undefined) {
        return [];
    }
    const { hostname, port, protocol } = new URL(endpoint);
    const wrong =
        hostMistake(hostname) ?? loopbackMistake({ host: hostname, port: port && `:${port}` }, "the collector's");
    const asked = { ...exporter, scheme: protocol === "https:" ? "https" : "http" };
    const hasSpace = authorization?.credentials?.satisfies((text) => !/\s/.test(text)) === false;
    return [
        ...(wrong === undefined ? [] : mistake(["endpoint"], `${show(endpoint)} ${wrong}`)),
        ...clientMistakes(asked as Parameters<typeof clientMistakes>[0]).map(({ path, message }) => ({
            path,
            message: message.replace(/ with the scheme http; .*/, " with http; write https:// in endpoint"),
        })),
        // The collector reads a token up to the first space.
        ...(hasSpace ? mistake(["authorization", "credentials"], "has a space in it; write a token without one") : []),
    ];
}

/** What waits for one is found by its name. */
function sameNames(exporters: readonly Exporter[]): Problem[] {
    const names = exporters.map(({ name }) => name);
    return names.flatMap((name, i) => {
        const first = names.indexOf(name);
        const message = `${show(name)} is already the name of collector.exporters[${first}]; write another one`;
        return name === undefined || first === i ? [] : mistake(["collector", "exporters", i, "name"], message);
    });
}
