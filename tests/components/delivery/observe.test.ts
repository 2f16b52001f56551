import assert from "node:assert/strict";
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Observation, Question } from "../../../components/observation";
import { project } from "../../../toolchain/checkout";
import { output } from "../../../toolchain/process";

/** With a docker that says what the test has it say. */
describe("A look at the Docker host", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "metrics-stack-look-"));
        copyFileSync(path.join(__dirname, "..", "..", "engineDouble.js"), path.join(folder, "docker"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const image = "prom/prometheus:v3";
    const deployed = { container: "p", volume: "v", watchedFolder: "targets", release: "r2" };
    const asked: Question = {
        image,
        host: { stack: "dev", adopted: [] },
        parts: [
            {
                ...{ program: "prometheus", image, mountPath: "/etc/prometheus", secretFiles: [] },
                files: { "prometheus.yml": "global: { external_labels: {} }\n" },
                deployed,
            },
        ],
    };
    const running = { Running: true, Paused: false, Restarting: false };
    const prometheus = {
        ...{ Id: "1", Name: "/p", Args: [], State: running, HostConfig: {}, NetworkSettings: {} },
        Config: { Image: image, Labels: { "metrics-stack.stack": "dev" } },
        Mounts: [{ Type: "volume", Name: "v", Destination: "/etc/prometheus" }],
    };
    const rootMount = { Type: "bind", Source: "/", Target: "/host", BindOptions: { Propagation: "rslave" } };
    const inHost = { NetworkMode: "host", Mounts: [rootMount] };
    const exporter = { ...prometheus, Id: "2", Name: "/n", Mounts: [], HostConfig: inHost };
    const other = { ...exporter, Id: "3", Name: "/other", Config: { Labels: {} } };
    const config = JSON.stringify({ data: { yaml: "global: {}" } });
    const inVolume = "g1\n@loaded\nreleases/r2\n";
    const inContainer = (changed = "", live = config) =>
        `g1\n${changed}@loaded\nreleases/r2\n@live\n${live}\nglobal: { external_labels: {} }\n`;
    const host = {
        "/version": {},
        "/info": {
            ...{ ID: "b1c2", Name: "web-1", OperatingSystem: "Debian GNU/Linux 12 (bookworm)" },
            ...{ SecurityOptions: ["name=seccomp,profile=default"], MemoryLimit: true, SwapLimit: true },
        },
        "/networks": [{ Name: "own", IPAM: { Config: [{ Subnet: "172.28.0.0/24" }] } }],
        "/volumes": { Volumes: [{ Name: "v" }] },
        "/volumes/v": { Name: "v" },
        "/containers/json": [{ Id: "1" }, { Id: "2" }, { Id: "3" }, { Id: "gone" }],
        ...{ "/containers/1/json": prometheus, "/containers/2/json": exporter, "/containers/3/json": other },
        "/containers/p/json": prometheus,
        [`/images/${image}/json`]: {},
        exec: inContainer(),
        // promtool refuses nothing, and a volume is looked into.
        run: inVolume,
    };

    function look(answers: object, question = asked) {
        const notes = path.join(folder, "notes");
        const env = {
            ...{ PATH: `${folder}:${process.env.PATH}`, DOCKER_HOST: "", NOTES: notes },
            ANSWERS: JSON.stringify({ ...host, ...answers }),
        };
        const said = output(process.execPath, [path.join(project, "components/delivery/observe.js")], {
            env,
            input: JSON.stringify(question),
        });
        const lines = readFileSync(notes, "utf8").trim().split("\n");
        const all = lines.map((line) => JSON.parse(line) as string[]);
        return { ...(JSON.parse(said) as Observation), all, commands: all.map(([command]) => command).sort() };
    }

    it("asks one docker command for everything, and the programs that run", () => {
        const { facts, parts, commands } = look({});
        assert.deepEqual(commands, ["exec", "exec", "system"]);
        assert.deepEqual(parts, [{ refused: { found: [] }, generation: { found: "g1" } }]);
        assert.ok(facts && "found" in facts);
        const { networks, volumes, containers } = facts.found;
        assert.deepEqual(networks, [{ name: "own", subnets: ["172.28.0.0/24"] }]);
        assert.deepEqual(volumes, [{ name: "v", usedBy: [] }]);
        assert.deepEqual(
            containers.map(({ name }) => name),
            ["other"],
        );
    });

    it("finds who was started under the names of the stack's own, and takes what its state knows for its own", () => {
        const listed = [
            { Id: "1", Names: ["/p"], State: "running" },
            { Id: "4", Names: ["/n"], State: "exited" },
            { Id: "5", Names: ["/n2"], State: "created" },
            { Id: "3", Names: ["/other"], State: "running" },
        ];
        const known = { containers: ["3"], networks: ["own"] };
        const question = { ...asked, host: { stack: "dev", adopted: [], names: ["p", "n", "n2"], known } };
        const { facts } = look({ "/containers/json?all=true": listed }, question);
        assert.ok(facts && "found" in facts);
        assert.deepEqual(facts.found.own, [
            { name: "p", id: "1" },
            { name: "n", id: "4" },
        ]);
        assert.deepEqual([facts.found.containers, facts.found.networks], [[], []]);
    });

    const generation = (observation: Observation) => {
        const found = observation.parts[0]?.generation;
        return found && "found" in found ? found.found.replace(/^2\d{3}-[\d:.T-]*Z/, "now") : found;
    };

    const inPlace = ["exec", "exec", "run", "system"];
    const apart = ["exec", "run", "run", "system"];
    const otherConfig = JSON.stringify({ data: { yaml: "global: { external_labels: { a: c } }" } });
    const without = (change: object) => ({ "/containers/p/json": { ...prometheus, ...change } });
    const cases: Record<string, [answers: object, generation: string, commands: string[], part?: object]> = {
        "somebody changed the volume": [
            { exec: inContainer("somebody changed a\n") },
            "now: somebody changed a",
            inPlace,
        ],
        "another configuration was loaded": [
            { exec: inContainer("", otherConfig).replace("{ external_labels: {} }", "{ external_labels: { a: b } }") },
            'now: Prometheus runs with another configuration: global.external_labels.a is "c" instead of "b"',
            inPlace,
        ],
        "other files are declared": [{}, "g1", inPlace, { deployed: { ...deployed, release: "r3" } }],
        "another image is declared": [
            { "/images/prom/prometheus:v4/json": {} },
            "g1",
            inPlace,
            { image: "prom/prometheus:v4" },
        ],
        "the container is stopped": [without({ State: { ...running, Running: false } }), "g1", apart],
        "the container ends while it is asked": [{ exec: undefined }, "g1", ["exec", "exec", "run", "run", "system"]],
        "the container is another one, without the volume": [without({ Mounts: [] }), "g1", apart],
        "the container is gone": [{ "/containers/p/json": undefined }, "g1", apart],
        "the volume is gone": [{ "/volumes/v": undefined }, "now", ["exec", "run", "system"]],
    };
    Object.entries(cases).forEach(([what, [answers, expected, commands, change]]) =>
        it(`has the files checked where ${what}`, () => {
            const found = look(answers, { ...asked, parts: asked.parts.map((part) => ({ ...part, ...change })) });
            assert.equal(generation(found), expected);
            assert.deepEqual(found.commands, commands);
            assert.deepEqual(found.parts[0]?.refused, { found: [] });
        }),
    );

    const tables = "  sl  local_address rem_address st\n 0: 0100007F:2382 00000000:0000 0A\n";
    const notThere = { "/containers/2/json": undefined, "/containers/3/json": undefined };

    it("sees whether node_exporter can have the host's mounts, by a container that is declared as it is", () => {
        const { facts, all } = look({ ...notThere, run: tables });
        assert.ok(facts && "found" in facts);
        assert.equal(facts.found.sharedRoot, true);
        const run = all.find(([command, ...args]) => command === "run" && args.includes("host"));
        assert.deepEqual(run?.slice(1, 8), [
            ...["--rm", "--network", "host", "--userns", "host"],
            ...["--mount", "type=bind,src=/,dst=/host,readonly,bind-propagation=rslave"],
        ]);
    });

    it("sees that / is a private mount, and looks at the host all the same", () => {
        const refusal =
            "docker: Error response from daemon: path / is mounted on / but it is not a shared or slave mount.";
        refuseWith(refusal);
        for (const running of [
            notThere,
            { "/containers/2/json": { ...exporter, HostConfig: { NetworkMode: "host" } } },
        ]) {
            const { facts } = look({ ...running, run: tables });
            assert.ok(facts && "found" in facts);
            assert.equal(facts.found.sharedRoot, false);
            assert.deepEqual(facts.found.listeners, [{ address: "127.0.0.1", port: 9090 }]);
        }
    });

    it("says nothing of the host's mounts where another reason keeps a container from them", () => {
        refuseWith("docker: Error response from daemon: mounts denied");
        const { facts } = look({ ...notThere, run: tables });
        assert.ok(facts && "found" in facts);
        const { sharedRoot, listeners } = facts.found;
        assert.deepEqual([sharedRoot, listeners], [undefined, [{ address: "127.0.0.1", port: 9090 }]]);
    });

    /** Docker refuses a container that is to have the host's mounts. */
    function refuseWith(words: string): void {
        renameSync(path.join(folder, "docker"), path.join(folder, "willing.js"));
        const script = `case "$*" in *rslave*) echo "${words}" >&2; exit 125;; esac; exec node ${folder}/willing.js "$@"`;
        writeFileSync(path.join(folder, "docker"), `#!/bin/sh\n${script}\n`);
        chmodSync(path.join(folder, "docker"), 0o755);
    }

    it("says of an engine what it says of itself, also where nothing else is asked", () => {
        const { engine } = look({}, { image: "", parts: [] });
        assert.deepEqual(engine, {
            found: {
                ...{ id: "b1c2", name: "web-1", operatingSystem: "Debian GNU/Linux 12 (bookworm)" },
                ...{ securityOptions: ["name=seccomp,profile=default"], memoryLimit: true, swapLimit: true },
            },
        });
    });

    it("says what cannot be found out, and changes no generation for it", () => {
        const { parts } = look({ "/volumes/v": { status: 500, message: "out of order" } });
        const unknown = "The Docker engine answers /volumes/v with 500: out of order";
        assert.deepEqual(parts, [{ refused: { found: [] }, generation: { unknown } }]);
    });
});
