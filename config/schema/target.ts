import { hostPortMistake } from "./hosts";

/** What is wrong with a target, in the words of the fix. @returns undefined for host:port. */
export function targetMistake(value: string): string | undefined {
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) {
        return "has a scheme; write only host:port, and the scheme in the job's scheme";
    }
    if (value.includes("/")) {
        return "has a path; write only host:port, and the path in the job's metricsPath";
    }
    // Prometheus 2 added :80 or :443, Prometheus 3 adds nothing: without a port, `instance` depends on the version.
    return hostPortMistake(value, "web:8000");
}
