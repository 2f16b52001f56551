import * as units from "@grafana/grafana-foundation-sdk/units";
import { queriers, queryHandlers, storeApi, storeApis, storeFailures } from "../../rules/thanos";
import type { Lines } from "../dashboard";
import { graph } from "../panels";
import type { Thanos } from "./section";
import { by, legend, legendOf, of, rate, share, slowest, sum } from "./section";

export function query({ limit, watched, has }: Thanos): Lines {
    const requests = "http_requests_total";
    return [
        [
            graph({
                title: "Queries a second",
                description:
                    "How many queries each answers: those of a moment, those of a range, and all of a Query Frontend.",
                empty: "Nobody asks",
                unit: units.Short,
                queries: [{ expr: by("handler", rate(requests, queryHandlers)), legend: legendOf("handler") }],
            }),
            graph({
                title: "Failed queries",
                description: "The share that is answered with a status of 500 or above.",
                empty: "Nobody asks",
                unit: units.PercentUnit,
                queries: [
                    {
                        expr: share(rate(requests, queryHandlers, 'code=~"5.."'), rate(requests, queryHandlers)),
                        legend,
                    },
                ],
                limit: limit(queriers, "ThanosQueryErrors", units.PercentUnit),
            }),
            graph({
                title: "Time of a query",
                description: "Nineteen of twenty queries are answered within this time.",
                empty: "Nobody asks",
                unit: units.Seconds,
                queries: [{ expr: slowest(rate("http_request_duration_seconds_bucket", queryHandlers)), legend }],
                limit: limit(queriers, "ThanosQuerySlow", units.Seconds),
            }),
        ],
        has(["query"])
            ? [
                  graph({
                      title: "Connected Store APIs by kind",
                      description: "How many sidecars, stores and others each Query is connected to.",
                      empty: "No Query, or it is connected to nobody",
                      unit: units.Short,
                      queries: [
                          {
                              expr: by("store_type", of("thanos_store_nodes_grpc_connections")),
                              legend: legendOf("store_type"),
                          },
                      ],
                      limit: watched("ThanosStoreLost"),
                  }),
                  graph({
                      title: "Queries at a time",
                      description: "Queries that are worked on, and how many may be: others wait.",
                      empty: "No Query",
                      unit: units.Short,
                      queries: [
                          { expr: of("thanos_query_concurrent_gate_queries_in_flight"), legend },
                          { expr: of("thanos_query_concurrent_gate_queries_max"), legend: `${legend} at most` },
                      ],
                  }),
              ]
            : [],
        has(["queryFrontend"])
            ? [
                  graph({
                      title: "Through the Query Frontend",
                      description: "What comes in a second, by what is asked for.",
                      empty: "No Query Frontend",
                      unit: units.Short,
                      queries: [
                          { expr: by("op", rate("thanos_query_frontend_queries_total")), legend: legendOf("op") },
                      ],
                  }),
              ]
            : [],
    ].filter((line) => line.length > 0);
}

export function stores({ limit }: Thanos): Lines {
    const handled = "grpc_server_handled_total";
    return [
        [
            graph({
                title: "Requests a second",
                description: "What each component is asked for by Query: series, and names and values of labels.",
                empty: "No component with a Store API",
                unit: units.Short,
                queries: [{ expr: sum(rate(handled, storeApi)), legend }],
            }),
            graph({
                title: "Failed requests",
                description: "The share of requests that failed: what the component has is missing in the answer.",
                empty: "Query asks for nothing",
                unit: units.PercentUnit,
                queries: [{ expr: share(rate(handled, storeApi, storeFailures), rate(handled, storeApi)), legend }],
                limit: limit(storeApis, "ThanosStoreFailing", units.PercentUnit),
            }),
            graph({
                title: "Time of a request",
                description: "Nineteen of twenty requests are answered within this time.",
                empty: "Query asks for nothing",
                unit: units.Seconds,
                queries: [{ expr: slowest(rate("grpc_server_handling_seconds_bucket", storeApi)), legend }],
            }),
        ],
    ];
}
