import assert from "node:assert/strict";
import { NodeExporter } from "../../../components/nodeExporter/resources";
import { inputsOf, registered, types } from "../../setup";
import { mistakes, parse, plan } from "../../declaration";
import { network, stack } from "../declared";

/** The container of a node_exporter that is declared. */
async function container(nodeExporter: object) {
    const settings = parse({ nodeExporter }).nodeExporter ?? assert.fail();
    new NodeExporter("node-exporter", { ...settings, stack, network: network() });
    await registered();
    const { command, mounts } = inputsOf(types.container, "node-exporter");
    return { command: command as string[], mounts: mounts as { source: string }[] };
}

describe("What node_exporter collects", () => {
    it("is what it always was where nothing is declared: another flag would be another container", async () => {
        const { command, mounts } = await container({});
        assert.deepEqual(command, [
            "--path.rootfs=/host",
            "--path.procfs=/host/proc",
            "--path.sysfs=/host/sys",
            "--path.udev.data=/host/run/udev/data",
            "--web.listen-address=172.28.7.1:9100",
            "--collector.netdev.device-exclude=^(lo|veth.*|br-.*|docker.*)$",
            "--collector.netclass.ignored-devices=^(lo|veth.*|br-.*|docker.*)$",
        ]);
        assert.equal(mounts.length, 1);
    });

    it("is told by flags: collectors, and what they leave out", async () => {
        const { command } = await container({
            collectors: { systemd: true, wifi: "false" },
            exclude: { mountPoints: "^/mnt/", fsTypes: "^tmpfs$", disks: "^loop", networkDevices: "^lo$" },
        });
        assert.deepEqual(command.slice(5), [
            "--collector.netdev.device-exclude=^lo$",
            "--collector.netclass.ignored-devices=^lo$",
            "--collector.filesystem.mount-points-exclude=^/mnt/",
            "--collector.filesystem.fs-types-exclude=^tmpfs$",
            "--collector.diskstats.device-exclude=^loop",
            "--collector.systemd",
            "--no-collector.wifi",
        ]);
    });

    it("may be files of the host, in a folder that it sees anyway", async () => {
        const { command, mounts } = await container({ textfileDirectory: "/var/lib/node_exporter" });
        assert.ok(command.includes("--collector.textfile.directory=/host/var/lib/node_exporter"));
        assert.equal(mounts.length, 1);
    });

    it("may be files in a volume, which has to be there", async () => {
        const nodeExporter = { textfileDirectory: "jobs" };
        const { command, mounts } = await container(nodeExporter);
        assert.ok(command.includes("--collector.textfile.directory=/textfiles"));
        assert.deepEqual(mounts[1], { type: "volume", source: "jobs", target: "/textfiles", readOnly: true });
        assert.deepEqual(plan({ nodeExporter }).wanted.volumes, [
            { name: "jobs", path: ["nodeExporter", "textfileDirectory"] },
        ]);
    });

    it("is missed where an alert reads it", () => {
        const warned = (collectors: object) => plan({ nodeExporter: { collectors } }).warnings.join();
        assert.match(warned({ cpu: false, wifi: false }), /turns off cpu: alerts and graphs of the host/);
        assert.equal(warned({ wifi: false }), "");
    });

    for (const [why, nodeExporter, words] of [
        [
            "a misspelled collector",
            { collectors: { sytemd: true } },
            /collectors\.sytemd: is no collector; did you mean systemd\?/,
        ],
        ["what is no yes or no", { collectors: { systemd: "on" } }, /collectors\.systemd: "on" is not true or false/],
        ["an expression that is none", { exclude: { disks: "(" } }, /nodeExporter\.exclude\.disks: /],
        ["an empty expression", { exclude: { disks: "" } }, /exclude\.disks: is empty/],
        [
            "a folder by a relative path",
            { textfileDirectory: "./jobs" },
            /textfileDirectory: "\.\/jobs" is not an absolute path/,
        ],
    ] as const) {
        it(`refuses ${why}`, () => assert.match(mistakes({ nodeExporter }).join("\n"), words));
    }
});
