/** Docker's name for a part of the stack: ("dev", "prometheus") is "metrics-stack-dev-prometheus". */
export function dockerName(stack: string, role?: string): string {
    return ["metrics-stack", stack, role].filter((part) => part !== undefined).join("-");
}
