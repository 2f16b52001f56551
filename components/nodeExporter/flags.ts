import { isVolume } from "../../config/schema/part";
import type { NodeExporterSettings } from "./settings";

/** What node_exporter is told, and what its container mounts for it. */

/** Where the Docker host's / is in the container. */
export const hostRoot = "/host";

/** Where a volume with text files is in the container. */
const textfiles = "/textfiles";

// Devices that come and go with containers: each would leave series behind.
const containerDevices = "^(lo|veth.*|br-.*|docker.*)$";

/** What is collected, and of what. Undeclared keys leave the flags as they are without them. */
export type Collected = Pick<NodeExporterSettings, "collectors" | "exclude" | "textfileDirectory">;

/** Source: https://github.com/prometheus/node_exporter#collectors */
export function flags(collected: Partial<Collected>, listenAddress: string): string[] {
    const { collectors = {}, exclude = {}, textfileDirectory: directory } = collected;
    const { mountPoints, fsTypes, disks, networkDevices = containerDevices } = exclude;
    const more: readonly (readonly [flag: string, value: string | undefined])[] = [
        ["collector.netdev.device-exclude", networkDevices],
        ["collector.netclass.ignored-devices", networkDevices],
        ["collector.filesystem.mount-points-exclude", mountPoints],
        ["collector.filesystem.fs-types-exclude", fsTypes],
        ["collector.diskstats.device-exclude", disks],
        ["collector.textfile.directory", directory && (isVolume(directory) ? textfiles : hostRoot + directory)],
    ];
    return [
        ...[`--path.rootfs=${hostRoot}`, `--path.procfs=${hostRoot}/proc`, `--path.sysfs=${hostRoot}/sys`],
        `--path.udev.data=${hostRoot}/run/udev/data`,
        `--web.listen-address=${listenAddress}`,
        ...more.flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}=${value}`])),
        ...Object.entries(collectors).map(([name, isOn]) => `--${isOn ? "" : "no-"}collector.${name}`),
    ];
}

/** The volume with text files, where they are in one: a folder of the host is below its /. */
export const textfileMounts = ({ textfileDirectory: source }: Partial<Collected>) =>
    source !== undefined && isVolume(source) ? [{ type: "volume", source, target: textfiles, readOnly: true }] : [];
