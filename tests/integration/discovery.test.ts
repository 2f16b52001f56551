import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { dockerName } from "../../components/dockerName";
import { images } from "../images";
import { Checkout, docker, freePort } from "./checkout";
import { eventually, PrometheusApi } from "./prometheusApi";
import { steps, stopAtFailure } from "./steps";

/** Targets that come and go without a deployment: containers that answer whatever they are asked with one sample. */
describe("What Prometheus discovers", function () {
    this.timeout(180_000);
    stopAtFailure(this);
    const step = steps();

    const checkout = new Checkout();
    const network = dockerName(checkout.stack);
    const elsewhere = `elsewhere-${checkout.stack}`;
    const lists = `${network}-lists`;
    const proxy = checkout.container("docker-proxy");
    const names: string[] = [];
    let prometheus: PrometheusApi;
    let listed: object[] = [];
    const inventory = createServer((_, response) => {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(listed));
    });

    before(async () => {
        prometheus = new PrometheusApi(await freePort());
        docker("volume", "create", lists);
        docker("network", "create", "--subnet", "172.31.250.0/24", elsewhere);
        await new Promise<void>((resolve) => inventory.listen(0, resolve));
        const refreshInterval = "1s";
        const { port } = inventory.address() as AddressInfo;
        const keep = { sourceLabels: ["__meta_docker_network_name"], regex: network, action: "keep" };
        checkout.declare({
            scrapeInterval: "1s",
            prometheus: { port: prometheus.port, mounts: [{ source: lists, target: "/lists" }] },
            nodeExporter: { enabled: false },
            grafana: { enabled: false },
            labelledContainers: { enabled: true, relabelConfigs: [{ targetLabel: "team", replacement: "shop" }] },
            scrapeJobs: [
                {
                    jobName: "docker",
                    dockerSdConfigs: [
                        { filters: [{ name: "label", values: [`of=${network}`] }], port: 8000, refreshInterval },
                    ],
                    relabelConfigs: [keep],
                },
                { jobName: "dns", dnsSdConfigs: [{ names: ["shop"], type: "A", port: 8000, refreshInterval }] },
                {
                    jobName: "http",
                    httpSdConfigs: [{ url: `http://host.docker.internal:${port}/`, refreshInterval }],
                },
                { jobName: "file", fileSdConfigs: [{ files: ["/lists/*.yml"], refreshInterval }] },
            ],
        });
        await checkout.succeed("up");
    });

    after(() => {
        inventory.close();
        inventory.closeAllConnections();
        names.forEach((name) => docker("rm", "--force", "--volumes", name));
        checkout.remove();
        docker("network", "rm", elsewhere);
        docker("volume", "rm", lists);
    });

    function run(name: string, ...options: string[]): string {
        const container = `${network}-${name}`;
        names.push(container);
        const answer = ["caddy", "respond", "--listen", ":8000", "--header", "Content-Type: text/plain", "found 1\n"];
        docker("run", "--detach", "--name", container, ...options, images.dockerProxy, ...answer);
        return container;
    }
    const labels = (...all: string[]) => all.flatMap((label) => ["--label", label]);
    const remove = (...containers: string[]) => docker("rm", "--force", "--volumes", ...containers);
    const found = async (job: string) =>
        (await prometheus.targets())
            .filter(({ scrapePool }) => scrapePool === job)
            .map(({ labels: { instance = "" }, health }) => `${instance} ${health}`)
            .sort();
    const becomes = (job: string, targets: readonly string[]) =>
        eventually(60_000, async () => assert.deepEqual(await found(job), targets));

    step("is a container that carries the label, at the port and the path that it says, until it is gone", async () => {
        await checkout.succeed("preview", "--expect-no-changes");
        const scrape = labels(
            "prometheus.scrape=true",
            "prometheus.port=8000",
            "prometheus.path=/own",
            "prometheus.job=shop",
        );
        const shop = run("shop", "--network", network, "--expose", "7000", ...scrape);
        // Its other network comes first by its name, and nobody reaches it there.
        const both = run("both", "--network", elsewhere, ...labels("prometheus.scrape=true", "prometheus.port=8000"));
        docker("network", "connect", network, both);
        run("unreachable", "--network", elsewhere, ...labels("prometheus.scrape=true"));
        run("unlabelled", "--network", network, ...labels("prometheus.scrape=false"));
        await becomes("labelled_containers", [`${both}:8000 up`, `${shop}:8000 up`]);
        const target = (await prometheus.targets()).find(({ labels: { instance } }) => instance === `${shop}:8000`);
        assert.match(target?.scrapeUrl ?? "", /^http:\/\/[\d.]+:8000\/own$/);
        assert.deepEqual(target?.labels, {
            ...{ job: "shop", scrape_job: "labelled_containers", instance: `${shop}:8000`, network, team: "shop" },
        });
        const { text } = await checkout.npm("status", "--no-drift");
        assert.match(text, new RegExp(`labelled_containers +http://[\\d.]+:8000/own +up`));
        remove(shop);
        await becomes("labelled_containers", [`${both}:8000 up`]);
    });

    step("is a container that a job's own discovery finds, through the same proxy", async () => {
        const one = run("one", "--network", network, ...labels(`of=${network}`));
        const address = docker(
            "inspect",
            "--format",
            `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`,
            one,
        );
        await eventually(60_000, async () => assert.ok((await found("docker"))[0]?.startsWith(`${address}:`)));
        remove(one);
        await becomes("docker", []);
    });

    step("is whatever has a name in DNS", async () => {
        const [one, two] = ["dns-1", "dns-2"].map((name) => run(name, "--network", network, "--network-alias", "shop"));
        await eventually(60_000, async () => assert.equal((await found("dns")).length, 2));
        remove(two ?? "");
        await eventually(60_000, async () => assert.equal((await found("dns")).length, 1));
        remove(one ?? "");
    });

    step("is what a service lists", async () => {
        listed = [{ targets: ["host.docker.internal:1"] }];
        await eventually(60_000, async () => assert.equal((await found("http")).length, 1));
        listed = [];
        await becomes("http", []);
    });

    step("is what somebody else writes into a list", async () => {
        const write = (text: string) =>
            docker(
                ...["run", "--rm", "--user", "0:0", "--volume", `${lists}:/v`, "--entrypoint", "sh"],
                ...[images.prometheus, "-c", `echo '${text}' > /v/a.yml`],
            );
        write('[{targets: ["shop:8000"]}]');
        await eventually(60_000, async () => assert.equal((await found("file")).length, 1));
        write("[]");
        await becomes("file", []);
    });

    /** Sends a request as it stands: no client tidies it up. @returns its status and all that was said */
    function asked(address: string, head: string): Promise<string> {
        return new Promise((resolve) => {
            let said = "";
            const socket = connect({ host: address, port: 2375 });
            socket.on("data", (chunk: Buffer) => (said += chunk.toString()));
            socket.on("error", () => resolve(said));
            socket.on("close", () => resolve(said));
            socket.setTimeout(5000, () => socket.destroy());
            socket.write(
                `${head.includes("HTTP/") ? head : `${head} HTTP/1.1`}\r\nHost: docker\r\nConnection: close\r\n\r\n`,
            );
        });
    }

    step("is all that Docker's proxy says: it refuses everything else", async () => {
        const victim = run("victim", "--network", network, "--env", "PASSWORD=hunter2");
        const address = docker(
            "inspect",
            "--format",
            `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`,
            proxy,
        );
        const list = await asked(address, "GET /v1.41/containers/json");
        assert.match(list, /^HTTP\/1\.1 200 /);
        assert.ok(list.includes(victim) && !list.includes("hunter2"), list.slice(0, 500));
        for (const path of [
            "/_ping",
            "/networks",
            "/v1.41/networks?filters=%7B%7D",
            "/containers/json?filters=%7B%7D",
        ]) {
            assert.match(await asked(address, `GET ${path}`), /^HTTP\/1\.1 200 /, path);
        }
        const state = () => docker("inspect", "--format", "{{.State.Status}} {{.State.StartedAt}}", victim);
        const before = state();
        const own = `/containers/${victim}`;
        const refused = [
            ...["stop", "kill", "pause", "restart", "exec", "rename?name=x", "update", "attach"].map(
                (verb) => `POST ${own}/${verb}`,
            ),
            ...["POST /containers/create", "POST /networks/prune", "POST /build", "POST /images/create?fromImage=x"],
            ...[
                `DELETE ${own}?force=1`,
                "DELETE /networks/bridge",
                `PUT ${own}/archive?path=/`,
                `HEAD ${own}/archive?path=/`,
            ],
            ...["POST /containers/json", "HEAD /containers/json", "OPTIONS /networks", "get /networks", "TRACE /_ping"],
            ...["json", "logs?stdout=1", "archive?path=/", "export", "top", "changes", "stats"].map(
                (what) => `GET ${own}/${what}`,
            ),
            ...[
                "/info",
                "/version",
                "/events",
                "/images/json",
                "/volumes",
                "/system/df",
                "/secrets",
                "/services",
                "/tasks",
                "/nodes",
            ].map((path) => `GET ${path}`),
            ...["/networks/bridge", "/containers/json?all=1", "/containers/json?size=1", "/networks?filters=a&x=1"].map(
                (path) => `GET ${path}`,
            ),
            ...[
                "//networks",
                "/./networks",
                `/containers/json/../${victim}/json`,
                `/containers/json/%2e%2e/${victim}/json`,
            ].map((path) => `GET ${path}`),
            ...[
                `/networks/..${own}/json`,
                `/networks%2f..${own}/json`,
                "/v1.41//info",
                "/v1.41/networks/../info",
                "/NETWORKS",
            ].map((path) => `GET ${path}`),
            ...["/networks;/../info", "/networks%00", "/networks%0d%0aX:y", "/networks#/../info", "/%6eetworks"].map(
                (path) => `GET ${path}`,
            ),
            ...["GET http://docker/info", "GET http://docker/networks", "GET networks", "CONNECT docker:2375"],
            // The second request of one connection, the wish for another protocol, and bodies that hide one.
            `GET ${own}/json HTTP/1.1\r\nUpgrade: tcp\r\nConnection: Upgrade`,
            `POST /session HTTP/1.1\r\nUpgrade: h2c`,
            "PRI * HTTP/2.0",
        ];
        for (const head of refused) {
            const said = await asked(address, head);
            assert.match(said, /^(?:HTTP\/1\.1 (?:400|403|404|405|501|505) |$)/, `${head}\n${said}`);
            assert.doesNotMatch(said, /hunter2|"Id"|Api-Version/, head);
        }
        const smuggled = `GET /networks HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nHost: docker\r\n\r\n0\r\n\r\nGET ${own}/json HTTP/1.1`;
        assert.doesNotMatch(await asked(address, smuggled), /hunter2/);
        const second = `GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\nGET ${own}/json HTTP/1.1`;
        const both = await asked(address, second);
        assert.match(both, /^HTTP\/1\.1 200 [^]*HTTP\/1\.1 403 /);
        assert.equal(state(), before);
        remove(victim);
    });

    step("is out of reach from the host's own addresses, and changes no container of the stack", () => {
        assert.equal(docker("port", proxy), "");
        const mounts = docker("inspect", "--format", "{{json .Mounts}}", checkout.container("prometheus"));
        assert.doesNotMatch(mounts, /docker\.sock/);
    });
});
