import { pairLabels } from "../../../config/render/pair";
import { formatDuration } from "../../../config/schema/units";
import type { Data } from "../../part";
import { definePart } from "../../part";
import { alertingFiles, alertmanagersFile, relabelingFile } from "./alertmanagers";
import { checkRuler } from "./check";
import { dataSource, grpcAddress, isDeclared, jobNameOf, ownJob, running, thanosImage } from "../component";
import { configuration, filePath, secretPath, userId, workFolder } from "../container";
import { bucketMounts, storageFiles, storageFlags } from "../objectStorage";
import { queryUrl } from "../query";
import { ruleFile, rulesFolder, rulesOf } from "./rules";
import { rulerSchema } from "../settings";
import { rulerProbe } from "./status";

const role = "thanos-ruler";

/** What it has recorded, as Prometheus keeps its samples. A pause leaves what a crash would, from which it recovers. */
const data: Data = {
    mountPath: workFolder,
    holds: "recorded series",
    ...{ userId, groupId: userId, mark: "wal" },
    paused: true,
};

/**
 * Evaluates rules over everything that Query sees: what several stacks have, and what is in the bucket alone.
 * Source of the flags: https://thanos.io/tip/components/rule.md/
 */
export const ruler = definePart({
    ...{ key: "thanos", path: ["thanos", "ruler"], title: "Thanos Ruler", role },
    settings: rulerSchema,
    jobName: jobNameOf(role),
    isWanted: isDeclared("ruler"),
    check: checkRuler,
    image: thanosImage,
    plan({ objectStorage, rules, ...common }, { alerting, stack }, userFiles) {
        const own = rulesOf(rules, userFiles);
        return {
            publishes: {
                jobs: [ownJob(stack, role, "ruler", common)],
                stores: [{ address: grpcAddress(stack, role) }],
            },
            ownRules: own.rules,
            files: () => Object.fromEntries(Object.entries(own.files).map(([file, text]) => [ruleFile(file), text])),
            secretFiles: ({ alertmanagers }) => ({
                ...storageFiles(objectStorage),
                ...alertingFiles(alertmanagers, alerting),
            }),
            placeOf: (what) => own.declared.get(what ?? ""),
        };
    },
    configuration: { ...configuration, tool: "thanos" },
    data,
    probe: rulerProbe,
    resources: running(({ labels, objectStorage, query, retentionTime }, { common, config, published }) => {
        const { alerting, evaluationInterval, pair, ruleQueryOffset, stack } = config;
        return {
            role,
            command: [
                "rule",
                `--query=${dataSource(stack, "thanos-query").url}`,
                `--rule-file=${filePath(`${rulesFolder}/*`)}`,
                `--data-dir=${workFolder}`,
                `--tsdb.retention=${formatDuration(retentionTime)}`,
                `--eval-interval=${formatDuration(evaluationInterval)}`,
                ...(ruleQueryOffset === undefined ? [] : [`--rule-query-offset=${formatDuration(ruleQueryOffset)}`]),
                ...Object.entries({ ...(labels ?? { ruler: stack }), ...pairLabels(pair) }).map(
                    ([name, value]) => `--label=${name}=${JSON.stringify(value)}`,
                ),
                // Both of a pair send the same alerts, which count as one.
                ...Object.keys(pairLabels(pair)).map((label) => `--alert.label-drop=${label}`),
                `--alert.query-url=${queryUrl(query, common, published).replace(/\/$/, "")}`,
                `--alertmanagers.config-file=${secretPath(alertmanagersFile)}`,
                ...(alerting.alertRelabelConfigs ? [`--alert.relabel-config-file=${secretPath(relabelingFile)}`] : []),
                ...storageFlags(objectStorage),
                "--web.disable-cors",
            ],
            mounts: bucketMounts(objectStorage),
            hasData: true,
            check: `said="$(thanos tools rules-check --rules='${rulesFolder}/*' 2>&1)" || { echo "$said" >&2; exit 1; }`,
        };
    }),
});
