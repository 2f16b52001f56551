import { note } from "../notes";
import { partCalled } from "./moved";
import type { Service } from "./service";
import type { Moved, Turning } from "./turning";

/**
 * Services that are no part of a stack stay in their compose file, and Prometheus joins their networks.
 * @returns the Docker networks to join
 */
export function joinedNetworks(moved: readonly Moved[], staying: readonly Service[], turning: Turning): string[] {
    const { say, project } = turning;
    const prometheus = moved.find(({ part }) => part.key === "prometheus")?.service;
    const shared = (service: Service) =>
        service.networks.filter((each) => prometheus?.networks.includes(each) === true);
    const join = [...new Set(staying.flatMap(shared))].map((each) => project.network(each));
    for (const service of staying) {
        const networks = shared(service).map((each) => project.network(each));
        const words =
            networks.length > 0
                ? `stays where it is, and is reached on the network ${networks.join(", ")}`
                : "stays where it is";
        const part = service.image === undefined ? partCalled(service.name) : undefined;
        const built = `; it is built here: where it is ${part?.title}, name the configuration in it to the import too`;
        say(
            note(
                part ? "decide" : "changed",
                service.image?.node ?? service.node,
                `service ${service.name}`,
                part ? words + built : words,
            ),
        );
    }
    if (prometheus?.isOnHost) {
        const words = "was on the host's network: what it reached there by localhost is host.docker.internal";
        say(note("decide", prometheus.image?.node, `service ${prometheus.name}: network_mode`, words));
    }
    if (moved.length > 0) {
        const names = moved.map(({ service }) => service.name).join(" ");
        const command = staying.length > 0 ? `docker compose rm --stop --force ${names}` : "docker compose down";
        const words = `end before the stack begins: \`${command}\`, in the folder of this file, and without --volumes`;
        say(note("decide", moved[0]?.service.image?.node, "services", `${names.replaceAll(" ", ", ")} ${words}`));
    }
    return join;
}
