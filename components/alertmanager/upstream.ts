import { keysOf } from "../../config/schema/upstream";

/** What Alertmanager reads and cannot be declared here. Source: https://prometheus.io/docs/alerting/latest/configuration/, of 0.34 */

const alertmanager = keysOf("Alertmanager");

export const upstreamAlertmanager = alertmanager("tracing event_recorder", {
    global: "its keys stand where they are used; write smtp for the mail server, and the others in the receivers",
    route: "its keys stand beside receivers; write groupBy, groupWait, groupInterval, repeatInterval and routes",
    mute_time_intervals: "it has another name; write timeIntervals",
});

export const upstreamRoute = alertmanager("");

export const upstreamHttpConfig = alertmanager("", {
    proxy_from_environment: "its container has no variables of a proxy; write proxyUrl and noProxy",
    proxy_connect_header: "it is secret, and Alertmanager reads it from no file; let the proxy know this host",
});
