import assert from "node:assert/strict";
import { listeners, routes } from "../../../components/delivery/hostNetwork";
import type { HostFacts } from "../../../config/check/host";
import { checkAgainstHost } from "../../../config/check/host";
import { ConfigError } from "../../../config/schema/problems";
import { job, plan } from "../../declaration";

const own = "metrics-stack-test";
const empty: HostFacts = { networks: [], volumes: [], containers: [] };
const shopOn = (network: string): HostFacts => ({
    ...empty,
    networks: [{ name: network, subnets: ["10.9.0.0/16"] }],
    containers: [{ name: "shop-1", ports: [], names: { [network]: ["shop-1", "shop"] } }],
});

/** What a declaration is told on a host, a line each. */
function told(raw: Record<string, unknown>, host: HostFacts): string[] {
    const { config, wanted } = plan(raw);
    const problems = checkAgainstHost(config, wanted, host);
    return problems.length === 0
        ? []
        : new ConfigError(problems).message
              .split("\n")
              .slice(1)
              .map((line) => line.trim());
}

describe("On the Docker host, a declaration is refused for", () => {
    it("a subnet that overlaps another network's, with a free one", () => {
        const networks = [{ name: "office", subnets: ["172.28.0.0/16"] }];
        assert.deepEqual(told({ network: { subnet: "172.28.7.0/24" } }, { ...empty, networks }), [
            'metrics-stack:network.subnet: "172.28.7.0/24" overlaps 172.28.0.0/16 of the Docker network office; ' +
                'write another one, such as "172.29.0.0/24"',
        ]);
    });

    it("a network to join that is not there, with the nearest that is", () => {
        const networks = ["bridge", "shop_default"].map((name) => ({ name, subnets: [] }));
        const lines = told({ network: { join: ["shop_defualt", "zzz"] } }, { ...empty, networks });
        assert.match(
            lines[0] ?? "",
            /join\[0\]: "shop_defualt" is no network of the Docker host; did you mean shop_default\?/,
        );
        assert.match(lines[1] ?? "", /join\[1\]: "zzz" .*; write one of bridge, shop_default$/);
    });

    it("a volume of somebody else that is not there, with the nearest that is; a folder is Docker's to find", () => {
        const mounts = ["shop_list", "shop_lists", "/srv/lists"].map((source, i) => ({ source, target: `/lists${i}` }));
        const volumes = [{ name: "shop_lists", usedBy: [] }];
        assert.deepEqual(told({ prometheus: { mounts } }, { ...empty, volumes }), [
            'metrics-stack:prometheus.mounts[0].source: "shop_list" is no volume of the Docker host; did you mean shop_lists?',
        ]);
    });

    it("a port that another container has on an address that meets", () => {
        const port = (address: string) => ({
            ...empty,
            containers: [{ name: "old", ports: [{ address, port: 9090 }], names: {} }],
        });
        const expected = [
            "metrics-stack:prometheus.port: 9090 is taken by the container old; write another one, such as 9091",
        ];
        assert.deepEqual(told({}, port("0.0.0.0")), expected);
        assert.deepEqual(told({}, port("127.0.0.1")), expected);
        assert.deepEqual(told({}, port("192.0.2.1")), []);
    });

    it("node_exporter's port on the gateway that another container has", () => {
        const containers = [{ name: "old", ports: [{ address: "172.28.7.1", port: 9100 }], names: {} }];
        const raw = { network: { subnet: "172.28.7.0/24" } };
        const expected = [
            "metrics-stack:nodeExporter.port: 9100 is taken by the container old; write another one, such as 9101",
        ];
        assert.deepEqual(told(raw, { ...empty, containers }), expected);
        assert.deepEqual(told({ ...raw, nodeExporter: { enabled: false } }, { ...empty, containers }), []);
    });

    it("a port that a program outside of containers has", () => {
        const listeners = ["::", "172.28.7.1"].map((address, i) => ({ address, port: [3000, 9100][i] ?? 0 }));
        assert.deepEqual(told({ network: { subnet: "172.28.7.0/24" } }, { ...empty, listeners }), [
            "metrics-stack:grafana.port: 3000 is taken by another program of the Docker host; write another one, such as 3001",
            "metrics-stack:nodeExporter.port: 9100 is taken by another program of the Docker host; write another one, such as 9101",
        ]);
        assert.deepEqual(told({}, { ...empty, listeners: [{ address: "192.0.2.1", port: 9090 }] }), []);
    });

    it("a subnet with a network in it that the host reaches in another way", () => {
        const raw = { network: { subnet: "172.28.7.0/24" } };
        assert.deepEqual(told(raw, { ...empty, routes: ["0.0.0.0/0", "172.16.0.0/12", "172.28.7.128/25"] }), [
            'metrics-stack:network.subnet: "172.28.7.0/24" holds 172.28.7.128/25, which the Docker host reaches in another way; ' +
                'write another one, such as "172.28.0.0/24"',
        ]);
    });

    it("every port of a stack that is there with the defaults, and no advice is taken either", () => {
        const ports = [9090, 9091, 3000, 9093].map((port) => ({ address: "127.0.0.1", port }));
        const containers = [{ name: "metrics-stack-dev-prometheus", ports, names: {} }];
        const receivers = [{ name: "team", pagerduty: { routingKey: "x" } }];
        const raw = { alertmanager: { enabled: true, receivers }, webBe: { enabled: true, port: 9092 } };
        assert.deepEqual(
            told(raw, { ...empty, containers }).map((line) => line.replace(/ is taken.* such as/, "")),
            [
                "metrics-stack:alertmanager.port: 9093 9095",
                "metrics-stack:grafana.port: 3000 3001",
                // 9092 is what the declaration wants itself, 9093 is taken.
                "metrics-stack:prometheus.port: 9090 9094",
            ],
        );
    });

    it("its own network as one to join", () => {
        const networks = [{ name: own, subnets: [] }];
        assert.match(
            told({ network: { join: [own] } }, { ...empty, networks })[0] ?? "",
            /the stack's own network, .* leave it out/,
        );
    });

    it("the port of an Alertmanager that is on", () => {
        const containers = [{ name: "old", ports: [{ address: "0.0.0.0", port: 9093 }], names: {} }];
        const receivers = [{ name: "team", pagerduty: { routingKey: "x" } }];
        assert.deepEqual(told({ alertmanager: { enabled: true, receivers } }, { ...empty, containers }), [
            "metrics-stack:alertmanager.port: 9093 is taken by the container old; write another one, such as 9094",
        ]);
        assert.deepEqual(told({}, { ...empty, containers }), []);
    });

    it("a target on a network that Prometheus does not join, with both ways out", () => {
        assert.deepEqual(told({ scrapeJobs: [job("shop")] }, shopOn("shop_default")), [
            'metrics-stack:scrapeJobs[0].staticConfigs[0].targets[0]: "shop:8000" is a container on shop_default, where ' +
                'Prometheus is not; write network.join: ["shop_default"], or connect the container: ' +
                "docker network connect metrics-stack-test shop",
        ]);
    });
});

describe("A target that is a container's name", () => {
    const target = (host: HostFacts, rest: object = {}) =>
        told({ scrapeJobs: [job("shop")], ...rest }, host).join("\n");

    it("on Docker's host network is found as a service of the host", () =>
        assert.match(
            target(shopOn("host")),
            /targets\[0\]: "shop:8000" is .* on host, .*write "host\.docker\.internal:8000"/,
        ));

    it("on Docker's default network alone has to be connected, as Docker finds nobody there by name", () => {
        for (const rest of [{}, { network: { join: ["bridge"] } }]) {
            const said = target(shopOn("bridge"), rest);
            assert.match(said, /is a container on bridge, .*docker network connect metrics-stack-test shop$/);
            assert.doesNotMatch(said, /network\.join/);
        }
    });
});

describe("A target that is an IPv6 address", () => {
    const ipv6 = (rest: object = {}) => ({ scrapeJobs: [job("db", rest, ["[2001:db8::5]:9100"])] });
    const networks = (...subnets: string[]) => ({ ...empty, networks: [{ name: "shop", subnets }] });

    it("is refused where no network of Prometheus has IPv6", () => {
        const message =
            /targets\[0\]: "\[2001:db8::5\]:9100" is an IPv6 address, and none .*; write an IPv4 address .*--ipv6$/;
        assert.match(told(ipv6(), empty).join("\n"), message);
        assert.match(told(ipv6(), networks("10.9.0.0/16", "fd00::/64")).join("\n"), message);
        assert.match(told({ ...ipv6(), network: { join: ["shop"] } }, networks("10.9.0.0/16")).join("\n"), message);
    });

    it("is accepted where a network has, through a proxy, and where it is no address to scrape", () => {
        assert.deepEqual(told({ ...ipv6(), network: { join: ["shop"] } }, networks("10.9.0.0/16", "fd00::/64")), []);
        assert.deepEqual(told(ipv6({ proxyUrl: "http://proxy:3128" }), empty), []);
        const relabelConfigs = [{ targetLabel: "__address__", replacement: "blackbox:9115" }];
        assert.deepEqual(told(ipv6({ relabelConfigs }), empty), []);
    });
});

describe("What a kernel says of its network is read:", () => {
    it("that whoever listens on every address has only IPv6 where somebody has the port by IPv4", () => {
        const every = "0".repeat(32);
        const table = [
            `   0: 070200C0:2382 0:0 0A x`,
            `   0: ${every}:2382 ${every}:0000 0A x`,
            `   1: ${every}:0050 ${every}:0000 0A x`,
        ];
        assert.deepEqual(listeners(table.join("\n")), [
            { address: "192.0.2.7", port: 9090 },
            { address: "::", port: 80 },
        ]);
    });

    it("who listens where", () => {
        const header = "  sl  local_address rem_address   st tx_queue rx_queue";
        const tables = [
            header,
            "   0: 0100007F:2382 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1",
            "   1: 0100007F:1F40 0100007F:A487 06 00000000:00000000 03:0000027A 00000000     0        0 0",
            header,
            `   0: ${"0".repeat(32)}:0050 ${"0".repeat(32)}:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2`,
        ];
        assert.deepEqual(listeners(`${tables.join("\n")}\n`), [
            { address: "127.0.0.1", port: 9090 },
            { address: "::", port: 80 },
        ]);
    });

    it("the networks that it has a way to", () => {
        const table = [
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
            "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
            "tun0\t0008080A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
        ];
        assert.deepEqual(routes(`${table.join("\n")}\n`), ["0.0.0.0/0", "10.8.8.0/24"]);
    });
});

describe("On the Docker host, a declaration is accepted with", () => {
    it("its own network there already, and the way to it", () => {
        const { subnet } = plan().config.network;
        const networks = [{ name: own, subnets: [subnet] }];
        assert.deepEqual(told({}, { ...empty, networks, routes: [subnet, "0.0.0.0/0"] }), []);
    });

    it("a target on a network that Prometheus joins, or on the stack's own", () => {
        const scrapeJobs = [job("shop")];
        assert.deepEqual(told({ scrapeJobs, network: { join: ["shop_default"] } }, shopOn("shop_default")), []);
        assert.deepEqual(told({ scrapeJobs }, shopOn(own)), []);
    });

    it("a target that is no container at all", () => {
        assert.deepEqual(told({ scrapeJobs: [job("db", {}, ["db-1.example.com:9187"])] }, shopOn("shop_default")), []);
    });
});
