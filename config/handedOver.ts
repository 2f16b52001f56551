/** A value as Pulumi hands it over: lists and objects as JSON and everything else as it was written. */
export function structured(value: string): unknown {
    try {
        return /^[[{]/.test(value) ? JSON.parse(value) : value;
    } catch {
        return value; // Text that only begins like a list or an object.
    }
}
