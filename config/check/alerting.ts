import { hostPortMistake, loopbackMistake, splitHostPort } from "../schema/hosts";
import type { LenientDeclaration } from "../schema/part";
import type { Problem } from "../schema/problems";
import { at, show } from "../schema/problems";
import { clientMistakes, noTargets } from "./jobs";
import type { DeclaredJob } from "./targets";
import { targetsOf } from "./targets";

/** What is wrong with the Alertmanagers elsewhere: none of them is the container itself, and none is told twice. */
export function alertingMistakes({ alerting }: LenientDeclaration): Problem[] {
    const seen = new Set<string>();
    return (alerting?.alertmanagers ?? []).flatMap((group = {}, i) => {
        const asJob = group as DeclaredJob;
        const addresses = "relabelConfigs" in group ? [] : targetsOf(asJob);
        const targets = addresses.flatMap(({ target, path }) => {
            const place = `${target}${group.pathPrefix ?? "/"}`;
            const isRepeated = seen.has(place);
            seen.add(place);
            const mistake = addressMistake(target) ?? (isRepeated ? "stands there twice; write it once" : undefined);
            return mistake === undefined ? [] : [{ path, message: `${show(target)} ${mistake}` }];
        });
        return [...noTargets(asJob, "alertmanager:9093"), ...targets, ...clientMistakes(asJob)].map((each) =>
            at(["alerting", "alertmanagers", i], each),
        );
    });
}

function addressMistake(target: string): string | undefined {
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(target)) {
        return "has a scheme; write only host:port, and the scheme in scheme";
    }
    if (target.includes("/")) {
        return "has a path; write only host:port, and the path in pathPrefix";
    }
    return hostPortMistake(target, "alertmanager:9093") ?? loopbackMistake(splitHostPort(target), "Prometheus'");
}
