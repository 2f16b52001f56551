import * as units from "@grafana/grafana-foundation-sdk/units";
import type { Lines } from "../dashboard";
import { graph } from "../panels";
import type { Thanos } from "./section";
import { legend, of, rate, share } from "./section";

export function receive({ limit, watched }: Thanos): Lines {
    const empty = "Nobody receives samples";
    const [requests, forwards] = ["http_requests_total", "thanos_receive_forward_requests_total"];
    const written = 'handler="receive"';
    return [
        [
            graph({
                title: "Failed writes",
                description: "The share of writes that is answered with a status of 500 or above.",
                empty,
                unit: units.PercentUnit,
                queries: [{ expr: share(rate(requests, written, 'code=~"5.."'), rate(requests, written)), legend }],
                limit: limit(["receive"], "ThanosReceiveErrors", units.PercentUnit),
            }),
            graph({
                title: "Failed hand-overs",
                description: "The share of what was handed on to others of the hash ring, and did not arrive.",
                empty: "Nothing is handed on",
                unit: units.PercentUnit,
                queries: [{ expr: share(rate(forwards, 'result="error"'), rate(forwards)), legend }],
                limit: limit(["receive"], "ThanosReceiveForwardsFailing", units.PercentUnit),
            }),
            graph({
                title: "Hash ring",
                description:
                    "Whether each member could load its latest hash ring (1), or goes on with the one before (0).",
                empty: "No hash ring",
                unit: units.Short,
                max: 1,
                queries: [{ expr: of("thanos_receive_config_last_reload_successful"), legend }],
                limit: watched("ThanosReceiveReloadFailed"),
            }),
        ],
    ];
}
