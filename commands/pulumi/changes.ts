/** What Pulumi's summary counts of a preview or a deployment, e.g. "1 to update, 22 unchanged". @returns "" where there is none */
export function changesIn(text: string): string {
    const [, block = ""] = /^Resources:\s*\n((?: {4}.*\n?)*)/m.exec(text) ?? [];
    return block
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => /\d/.test(line))
        .join(", ");
}
