import type { Properties } from "../shared/provider";

/** [{label: "a", value: "1"}] as Docker's {a: "1"}. */
export function labelMap(labels: unknown): Record<string, string> {
    return Object.fromEntries(
        ((labels ?? []) as Properties[]).map(({ label, value }) => [String(label), String(value)]),
    );
}

/** Docker's {a: "1"} as [{label: "a", value: "1"}]. */
export function labelList(labels: Readonly<Record<string, string>> | undefined | null): Properties[] {
    return Object.entries(labels ?? {}).map(([label, value]) => ({ label, value }));
}
