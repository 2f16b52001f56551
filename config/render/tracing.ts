import type { Tracing } from "../schema/tracing";
import { formatDuration } from "../schema/units";
import type { WithSecrets } from "./httpClient";
import { tlsOf } from "./httpClient";
import { defined, snakeCase } from "./words";

/** Where traces are sent to in Prometheus' own words, and the files that are named in place of secrets. */
export function tracingOf({ tlsConfig, headers, timeout, samplingFraction, ...same }: Tracing): WithSecrets {
    const tls = tlsConfig && tlsOf(tlsConfig, "@tracing");
    return {
        config: defined({
            ...snakeCase(same),
            // Prometheus does not show a share of 0, so that what it runs with would differ from what was declared.
            sampling_fraction: samplingFraction === 0 ? undefined : samplingFraction,
            tls_config: tls?.config,
            headers,
            timeout: timeout === undefined ? undefined : formatDuration(timeout),
        }),
        secrets: tls?.secrets ?? {},
    };
}
