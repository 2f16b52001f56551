import { isAgent } from "../schema/mode";
import type { Problem } from "../schema/problems";

/** What an agent has no use for, by what it lacks. */
const useless: Readonly<Record<string, readonly string[]>> = {
    "which evaluates no rules; write it in the stack that receives its samples": [
        ...["evaluationInterval", "ruleQueryOffset", "alerts", "rules", "alerting", "pushedJobs"],
    ],
    "which sends no alerts; write externalLabels, such as {replica: a}, to tell two agents apart": ["pair"],
    "which answers no queries; leave it out": [
        ...["remoteRead", "queryLogFile", "prometheus.queryTimeout", "prometheus.queryMaxConcurrency"],
        ...["prometheus.queryMaxSamples", "prometheus.queryLookbackDelta"],
    ],
    "which keeps no samples; leave it out": [
        ...["prometheus.retentionTime", "prometheus.retentionSize", "prometheus.dataVolume", "storage.exemplars"],
        "thanos",
    ],
};

/** What cannot be on beside an agent. */
const idle: Readonly<Record<string, string>> = {
    "grafana.enabled": "answers no queries; leave it out, and have Grafana where the samples arrive",
    "prometheus.consoles": "answers no queries; leave it out",
    "alertmanager.enabled": "sends no alerts; leave it out, and have Alertmanager where the samples arrive",
};

/**
 * What is declared of an agent that would have no effect, and what it lacks.
 * @param declared as it was written: what has a default would else always be there
 */
export function agentMistakes(declared: Readonly<Record<string, unknown>>): Problem[] {
    if (!isAgent(declared)) {
        return [];
    }
    const { remoteWrite } = declared;
    const receivers = remoteWrite === undefined || (Array.isArray(remoteWrite) && remoteWrite.length === 0);
    return [
        ...(receivers
            ? [
                  {
                      path: ["remoteWrite"],
                      message:
                          "is missing: an agent keeps nothing but what it sends; write where to, " +
                          'such as [{url: "https://archive.example.com/api/v1/write"}]',
                  },
              ]
            : []),
        ...Object.entries(useless).flatMap(([reason, keys]) =>
            keys
                .map((key) => key.split("."))
                .filter((path) => valueAt(declared, path) !== undefined)
                .map((path) => ({ path, message: `is not for an agent, ${reason}` })),
        ),
        ...(Array.isArray(remoteWrite) ? remoteWrite : []).flatMap((each, i) =>
            String(valueAt(each, ["sendAlerts"])) === "true"
                ? [
                      {
                          path: ["remoteWrite", i, "sendAlerts"],
                          message: "is true beside an agent, which has no alerts; leave it out",
                      },
                  ]
                : [],
        ),
        ...Object.entries(idle).flatMap(([key, reason]) => {
            const path = key.split(".");
            return String(valueAt(declared, path)) === "true"
                ? [{ path, message: `is true beside an agent, which ${reason}` }]
                : [];
        }),
    ];
}

const valueAt = (declared: unknown, path: readonly string[]): unknown =>
    path.reduce<unknown>((value, step) => (value as Readonly<Record<string, unknown>> | undefined)?.[step], declared);
