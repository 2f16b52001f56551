import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import * as path from "node:path";
import { webBeImage } from "../../components/webBe/source";
import { project } from "../../toolchain/checkout";
import { installPackages } from "../../toolchain/debian";
import { find } from "../../toolchain/process";
import { pythonPackages } from "../../toolchain/python";
import { commands, read } from "../documentation";
import { Checkout, docker, freePort } from "./checkout";

/** Commands, each after its page, that another place runs: the place, and what stands there. */
const elsewhere: readonly [command: RegExp, file: string, proof: string][] = [
    [/: npm test$/, ".ci/run", "npm test"],
    [/: npm run (lint|format|typecheck)$/, ".ci/run", "lint format:check typecheck"],
    [/: python3 -m pytest$/, "commands/test/index.ts", '["-m", "pytest"'],
    [/: npm (test|run test:unit) -- /, "tests/commands/test/selection.test.ts", "that an option of mocha picks"],
    // All suites, of which these are some.
    [/: npm run test:unit$/, "commands/test/index.ts", "selectTests(args, allSuites(), examples)"],
    [/: npm run lint:workflows/, "tests/integration/workflows.test.ts", "ci.yml lint: Workflows"],
    [/: npm run down$/, "tests/integration/stack.test.ts", 'succeed("down")'],
    [/: npm run( --silent)? status/, "tests/integration/status.test.ts", '"status"'],
    [/: npm run alert-test/, "tests/integration/alertmanager.test.ts", '"alert-test", "--receiver"'],
    [/: npm run import/, "tests/commands/import/import.test.ts", '"commands/run.js", "import"'],
    [/: git config core\.hooksPath/, "tests/commands/validate/validate.test.ts", "core.hooksPath"],
    [/^docs\/exporters\.md: /, "tests/integration/exporters.test.ts", '"docs/exporters.md"'],
    [
        /: npm run (?:preview|up|status|backup) -- (?:--stack ('|web-)|--all)/,
        "tests/integration/fleet.test.ts",
        '"--stack", all',
    ],
    [/^docs\/fleets\.md: openssl/, "tests/integration/pair.test.ts", '"docs/fleets.md"'],
    [/^docs\/long-term-storage\.md: openssl/, "tests/integration/pair.test.ts", '"docs/long-term-storage.md"'],
    [
        /^docs\/(?:fleets|long-term-storage)\.md: npm run pulumi/,
        "tests/integration/fleet.test.ts",
        "stores secrets of what is shared",
    ],
    [/^docs\/backup\.md: /, "tests/integration/backup.test.ts", '"backup.md"'],
    [/^docs\/access\.md: .*prometheus\.web/, "tests/integration/web.test.ts", '"docs/access.md"'],
    [/^docs\/access\.md: docker/, "tests/integration/door.test.ts", '"docs/access.md"'],
    [/^docs\/migrating\.md: docker run/, "tests/integration/moving.test.ts", '"migrating.md"'],
    [/^docs\/teardown\.md: npm run pulumi -- stack rm/, "tests/integration/teardown.test.ts", '"teardown.md"'],
    [/^docs\/remote-hosts\.md: npm/, "tests/integration/remote.test.ts", 'succeed("down")'],
    [/: export DOCKER_CERT_PATH/, "tests/integration/remote.test.ts", "DOCKER_CERT_PATH"],
    [/grafanaAdminPassword/, "tests/integration/grafana.test.ts", '"grafanaAdminPassword", "--show-secrets"'],
    [/target-replace/, "tests/integration/grafana.test.ts", "with the command of the documentation"],
    [/: (cp Pulumi.dev.yaml|npm run up -- --stack staging)/, "tests/integration/environments.test.ts", 'succeed("up")'],
    [
        /: npm run pulumi -- stack (rename|change-secrets)/,
        "tests/integration/environments.test.ts",
        "stack rename .*/m",
    ],
    [
        /: (cp \.state|npm run preview -- --stack home)/,
        "tests/integration/environments.test.ts",
        'renamed.npm("preview")',
    ],
    [/: export PULUMI_/, "tests/integration/documentation.test.ts", "PULUMI_BACKEND_URL: "],
    [/: (pip install|python3 -m venv)/, "toolchain/python.ts", '"-m", "pip", "install"'],
];

/** Commands that cannot run everywhere, or take too long: when they cannot, and why. */
const notHere: readonly [command: RegExp, cannot: () => boolean, reason: string][] = [
    [/^(timedatectl|systemctl|chronyc)/, () => !existsSync("/run/systemd/system"), "nothing here starts services"],
    [/ eth0/, () => !existsSync("/sys/class/net/eth0"), "there is no eth0"],
    [/^docker compose down$/, () => true, "it ends a project of yours; moving.test.ts ends what it started itself"],
    [/^ssh -N -L/, () => true, "it needs the host that it names"],
    [/^openssl s_client/, () => true, "it needs the site that it names"],
    [/^npm run bench$/, () => true, "it takes six minutes; tests/bench/ has its parts"],
    [/^docker (build|run) .*web_be/, () => !hasImage(baseImage), "its base image cannot be pulled"],
];

const hasImage = (image: string) => {
    try {
        return docker("image", "inspect", image) !== "";
    } catch {
        return false;
    }
};

const [, baseImage = ""] = /^FROM (\S+)/m.exec(read("examples/web_be/Dockerfile")) ?? [];

const email = { to: "ops@example.com", from: "alerts@example.com", smarthost: "smtp.example.com:587" };
/** What the pages have people add secrets to. */
const severalReceivers = {
    alertmanager: { receivers: ["a", "b", "c", "d"].map((name) => ({ name, email })) },
};

/** What a command that asks for a secret is told. */
const answer = "a-secret-of-the-test\n";

/** Programs that run until they are stopped, and how `timeout` says that it stopped one. */
const servers = /^python3 -m uvicorn/;
const stopped = 124;

/** The same command on two pages runs once. */
const all = [...new Map(commands().map((command) => [command.text, command])).values()];

describe("A command of the documentation", function () {
    this.timeout(180_000);

    const checkout = new Checkout();
    const shop = checkout.container("shop");
    let declaration: Record<string, unknown>;
    /** What a page says, and what it is here. */
    let here: [said: RegExp, here: string][];

    before(async () => {
        const [prometheus, alertmanager, webBe, nodeExporter] = await Promise.all([
            freePort(),
            freePort(),
            freePort(),
            freePort(),
        ]);
        const programs = { jq: "jq", curl: "curl", iostat: "sysstat", vmstat: "procps", ip: "iproute2" };
        const packages = Object.entries(programs).flatMap(([program, name]) => (find(program) ? [] : [name]));
        if (packages.length > 0) {
            await installPackages(packages);
        }
        declaration = {
            prometheus: { port: prometheus },
            nodeExporter: { port: nodeExporter },
            webBe: { enabled: true, port: webBe },
            grafana: { enabled: false },
            alertmanager: { enabled: true, port: alertmanager, receivers: [{ name: "team", email }] },
            scrapeJobs: [{ jobName: "shop", staticConfigs: [{ targets: ["shop:8000"] }] }],
            probes: [{ target: "shop:8000" }],
        };
        here = [
            [/metrics-stack-dev/g, `metrics-stack-${checkout.stack}`],
            [/--stack (dev|staging|prod)/g, `--stack ${checkout.stack}`],
            [/(?<=^curl.*)127\.0\.0\.1:9090/g, `127.0.0.1:${prometheus}`],
            [/(?<=^curl.*)127\.0\.0\.1:8000/g, `127.0.0.1:${webBe}`],
            [/(?<=^docker (logs|ps|inspect|stats) .*)\bshop$/g, shop],
            // A smaller place to search, where nobody removes a file meanwhile.
            [/(?<=^(du|find)( .*)?) \/ /g, " docs "],
            [/^(?=python3 -m uvicorn)/g, "timeout 5 "],
            [/(?<=^timeout .* --port )8000/g, String(await freePort())],
        ];
        checkout.declare(declaration);
        // What the pages call shop, on the network that the first deployment makes.
        await checkout.succeed("pulumi", "up", "--yes", "--skip-preview");
        const network = `metrics-stack-${checkout.stack}`;
        const names = ["--name", shop, "--network", network, "--network-alias", "shop"];
        docker("run", "--detach", ...names, webBeImage());
        await checkout.succeed("up");
    });

    after(() => {
        spawnSync("docker", ["rm", "--force", "--volumes", shop]);
        checkout.remove();
    });

    for (const { page, text } of all) {
        it(`works: ${text} (${page})`, async function () {
            const proven = elsewhere.find(([pattern]) => pattern.test(`${page}: ${text}`));
            if (proven) {
                const [, file, proof] = proven;
                return assert.ok(read(file).includes(proof), `${file} no longer has ${proof}`);
            }
            const impossible = notHere.find(([pattern, cannot]) => pattern.test(text) && cannot());
            if (impossible) {
                this.test!.title += `: ${impossible[2]}`;
                this.skip();
            }
            checkout.declare(/ config set /.test(text) ? { ...declaration, ...severalReceivers } : declaration);
            const command = here.reduce((line, [said, is]) => line.replaceAll(said, is), text);
            const folder = page.startsWith("examples/") ? path.dirname(page) : ".";
            const shell = ["-o", "pipefail", "-c", `cd ${folder} && ${command}`];
            const { status, text: said } = await checkout.run("bash", shell, answer, await variables(page, text));
            // That grep finds nothing is good news.
            const expected = servers.test(text) ? [stopped] : / \| grep (?!.* \| \w)/.test(text) ? [0, 1] : [0];
            assert.ok(expected.includes(status), `${command}\n${said}`);
        });
    }

    /** What a page takes for granted. */
    async function variables(page: string, text: string): Promise<NodeJS.ProcessEnv> {
        if (page.startsWith("examples/")) {
            const requirements = ["requirements.txt", "requirements-dev.txt"];
            const folder = path.join(project, path.dirname(page));
            return { PYTHONPATH: await pythonPackages(requirements.map((file) => path.join(folder, file))) };
        }
        return / stack import /.test(text)
            ? {
                  PULUMI_BACKEND_URL: `file://${checkout.folder}`,
                  PULUMI_CONFIG_PASSPHRASE_FILE: path.join(checkout.folder, ".state", "passphrase"),
              }
            : {};
    }
});
