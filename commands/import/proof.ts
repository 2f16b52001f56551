import * as path from "node:path";
import { parse } from "yaml";
import type { PlannedStack } from "../../components/planned";
import { understoodAlertmanager } from "./compare/alertmanager";
import type { Understood, Values } from "./compare/canonical";
import { isValues, listAt } from "./compare/canonical";
import type { Difference, Reasons } from "./compare/differences";
import { differences } from "./compare/differences";
import { understoodPrometheus } from "./compare/prometheus";
import { understoodRules } from "./compare/rules";
import type { Conversion, Original } from "./conversion";
import { jobNamed } from "./names";
import { readSource, textsOf } from "./source";

/** What of the rendered files is another one than in those that were imported, as the programs understand both. */
export function prove(conversion: Conversion, plan: PlannedStack): Difference[] {
    const { prometheus, alertmanager, rules, notes } = conversion;
    const rendered = (key: string) => plan.parts.find(({ part }) => part.key === key)?.files ?? {};
    const [now, alerts] = [rendered("prometheus"), rendered("alertmanager")["alertmanager.yml"]];
    const before: Understood = new Map([
        ...(prometheus
            ? understoodPrometheus(withJobFiles(read(prometheus.text), prometheus), (file) =>
                  groupsOf(prometheus.find(file)),
              )
            : []),
        ...understoodRules(Object.values(rules).map(({ text }) => read(text))),
    ]);
    const after: Understood = new Map([
        ...(prometheus ? understoodPrometheus(read(now["prometheus.yml"] ?? ""), (file) => listIn(now, file)) : []),
        ...understoodRules(textsIn(now, "own-rules/").map(read)),
    ]);
    return [
        ...differences(before, after, notes, ofTheStack(plan)),
        ...(alertmanager
            ? differences(
                  understoodAlertmanager(parse(alertmanager.text)),
                  understoodAlertmanager(parse(alerts ?? "")),
                  notes,
                  [],
              )
            : []),
    ];
}

/** What cannot be read was told before. */
function read(text: string): unknown {
    const source = readSource("", text);
    return "kind" in source ? undefined : textsOf(source.root);
}

/** A configuration with the jobs of further files. */
function withJobFiles(config: unknown, { find }: Original): unknown {
    const { scrape_config_files: patterns, scrape_configs: own, ...rest } = isValues(config) ? config : {};
    const found = (Array.isArray(patterns) ? patterns : []).flatMap((pattern) => find(String(pattern)));
    const further = found.flatMap(({ text }) => {
        const content = read(text);
        return isValues(content) ? listAt(content, "scrape_configs") : [];
    });
    const all = [...listAt({ own }, "own"), ...further];
    return { ...rest, scrape_configs: all, ...(found.length === 0 && { scrape_config_files: patterns }) };
}

const textsIn = (files: Readonly<Record<string, string>>, folder: string) =>
    Object.entries(files).flatMap(([file, text]) => (file.startsWith(folder) ? [text] : []));

function groupsOf(found: readonly { readonly text: string }[]): readonly Values[] | undefined {
    return found.length === 0 ? undefined : found.flatMap(({ text }) => groupsIn(text));
}

const groupsIn = (text: string): Values[] => {
    const list = read(text);
    return Array.isArray(list) ? list.filter(isValues) : [];
};

/** The lists of a release, which the rendered configuration names where they will be. */
function listIn(files: Readonly<Record<string, string>>, file: string): readonly Values[] | undefined {
    const text = files[path.posix.relative("/etc/prometheus", file)];
    return text === undefined ? undefined : groupsIn(text);
}

/** What a stack has without being told. */
function ofTheStack({ published, config }: PlannedStack): Reasons {
    const declared = new Set(config.scrapeJobs.map(({ jobName }) => jobName));
    const own = published.jobs.filter(({ jobName }) => !declared.has(jobName));
    return [
        ...own.map(({ jobName }) => ({
            what: jobNamed(jobName),
            words: "a stack watches this of its own accord",
        })),
        {
            what: `alertmanagers ${[...published.alertmanagers].sort().join(", ")}`,
            words: "the stack's own Alertmanager",
        },
    ];
}
