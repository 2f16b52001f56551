/** Docker's name for a part of the stack: ("dev", "prometheus") is "metrics-stack-dev-prometheus". */
export function dockerName(stack: string, role?: string): string {
    return ["metrics-stack", stack, role].filter((part) => part !== undefined).join("-");
}

/** The volume of the stack's own with what a part keeps, and the one with its files: each by the part's role. */
export const dataVolumeName = (stack: string, { role }: { readonly role: string }) => dockerName(stack, `${role}-data`);
export const configVolumeName = (stack: string, { role }: { readonly role: string }) =>
    dockerName(stack, `${role}-config`);
