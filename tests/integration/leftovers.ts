import { docker, testRun } from "./checkout";
import { eventually } from "./prometheusApi";

/**
 * A run leaves nothing on the Docker engine: what stays of a test is in the way of the next one, and what stays of the program
 * is a mistake of the program. This looks for it once, at the end of all tests.
 */
let before: ReadonlySet<string>;

export function mochaGlobalSetup(): void {
    before = new Set(anonymousVolumes());
}

/** @throws if something of this run is left */
export async function mochaGlobalTeardown(): Promise<void> {
    // A container that ends just now is removed by the engine a moment later.
    await eventually(10_000, async () => {
        const anonymous = anonymousVolumes().filter((name) => !before.has(name));
        const left = [...ofThisRun(), ...anonymous.map((name) => `volume ${name}, without a name or a container`)];
        if (left.length > 0) {
            throw new Error(`This run, or another one meanwhile, left on the Docker engine:\n  ${left.join("\n  ")}`);
        }
    });
}

/** What is called or labelled as a stack of this run is. */
function ofThisRun(): string[] {
    const lists: readonly (readonly [kind: string, ...list: string[]])[] = [
        ["container", "ps", "--all", "--format", "{{.Names}} {{.Labels}}"],
        ["network", "network", "ls", "--format", "{{.Name}} {{.Labels}}"],
        ["volume", "volume", "ls", "--format", "{{.Name}} {{.Labels}}"],
        ["image", "images", "--format", "{{.Repository}}:{{.Tag}}"],
    ];
    return lists.flatMap(([kind, ...list]) =>
        docker(...list)
            .split("\n")
            .filter((line) => line.includes(`it${testRun}-`))
            .map((line) => `${kind} ${line.split(" ")[0]}`),
    );
}

/** Where an image declares a volume, and its container was removed without it. */
const anonymousVolumes = () =>
    docker("volume", "ls", "--quiet", "--filter", "dangling=true")
        .split("\n")
        .filter((name) => /^[0-9a-f]{64}$/.test(name));
