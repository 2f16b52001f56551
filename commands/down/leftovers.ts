import { dataVolumeName } from "../../components/dockerName";
import { parts } from "../../components/parts";
import type { Environment } from "../environment";
import { dockerSync } from "../../toolchain/docker";
import { output } from "../../toolchain/process";
import { say } from "../../toolchain/progress";
import { table } from "../../toolchain/table";
import { by } from "../../toolchain/words";

/** Says what there still is of a destroyed stack on its Docker host, and which commands delete it. */
export function reportLeftovers(stack: string, env: Environment): void {
    const left = (...list: string[]) =>
        dockerSync([...list, "--filter", `label=metrics-stack.stack=${stack}`], { env })
            .split("\n")
            .filter(Boolean)
            .sort();
    const volumes = left("volume", "ls", "--format", "{{.Name}}");
    const data = parts.flatMap((part) => (part.data ? [[dataVolumeName(stack, part), part.data.holds]] : []));
    const kept = data.filter(([volume = ""]) => volumes.includes(volume)).sort(by(([volume = ""]) => volume));
    const commands = [
        ["docker rm --force --volumes", left("ps", "--all", "--format", "{{.Names}}")],
        ["docker network rm", left("network", "ls", "--format", "{{.Name}}")],
        ["docker volume rm", volumes.filter((volume) => !kept.some(([name]) => name === volume))],
    ] as const;
    const others = commands.filter(([, names]) => names.length > 0);
    if (others.length > 0) {
        const lines = others.map(([command, names]) => `  ${command} ${names.join(" ")}`).join("\n");
        say(`\nThis is of the stack too, and Pulumi knows nothing of it. To delete it:\n${lines}`);
    }
    if (kept.length > 0) {
        const names = kept.map(([name]) => name).join(" ");
        say(`\nKept, for the next up:\n${table(kept)}\nTo delete them for good: docker volume rm ${names}`);
    }
}

/** Says how the protection is lifted, where it is why a stack was not destroyed. */
export function reportProtection(stack: string, env: Environment): void {
    const { deployment } = JSON.parse(output("pulumi", ["stack", "export"], { env })) as {
        deployment: { resources?: { protect?: boolean }[] };
    };
    if (deployment.resources?.some(({ protect }) => protect)) {
        say(
            `\nThe stack is protected, and nothing of it was destroyed. To lift that, write protect: false in ` +
                `Pulumi.${stack}.yaml, and deploy it: npm run up. Then: npm run down.`,
        );
    }
}
