import { snakeCaseWord } from "../../../config/render/words";
import { fieldsOf } from "../../../config/schema/relabelConfig";
import { globalScrapeSettings } from "../../../config/schema/scrapeSettings";
import { formatDuration, parseDuration } from "../../../config/schema/units";
import { jobNamed } from "../names";
import type { Understood, Values } from "./canonical";
import { canonical, isValues, listAt, withDefaults } from "./canonical";

/**
 * What a prometheus.yml comes to, as Prometheus understands it: defaults filled in, targets from lists in the place of their files.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/
 */

const client = { follow_redirects: true, enable_http2: true };
const ofJobs = {
    metrics_path: "/metrics",
    scheme: "http",
    honor_timestamps: true,
    enable_compression: true,
    ...client,
};
const ofAlertmanagers = { scheme: "http", path_prefix: "/", timeout: "10s", ...client };
const ofRules = { action: "replace", separator: ";", regex: "(.*)", replacement: "$1" };
const ofAll = { scrape_interval: "1m", scrape_timeout: "10s", evaluation_interval: "1m" };

/** What a job has of `global` where it says nothing itself. */
const inherited = Object.keys(globalScrapeSettings).map(snakeCaseWord);

/** @param lists gives the groups of a list of targets; undefined where it is not at hand */
export function understoodPrometheus(
    config: unknown,
    lists: (file: string) => readonly Values[] | undefined,
): Understood {
    const { global, scrape_configs, alerting, rule_files, remote_write, remote_read, ...rest } = isValues(config)
        ? config
        : {};
    const all = { ...ofAll, ...(isValues(global) ? global : {}) };
    const { external_labels: labels, ...settings } = all as Values;
    const ownOfGlobal = Object.entries(settings).filter(
        ([key]) => !["scrape_interval", "scrape_timeout", ...inherited].includes(key),
    );
    return new Map([
        ...ownOfGlobal.map(([key, value]) => [`global: ${key}`, canonical(value)] as const),
        ...Object.entries(isValues(labels) ? labels : {}).map(
            ([name, value]) => [`external label ${name}`, String(value)] as const,
        ),
        ...listAt({ scrape_configs }, "scrape_configs").flatMap((job) => understoodJob(job, all, lists)),
        ...understoodAlerting(isValues(alerting) ? alerting : {}),
        ...understoodRemotes("remote_write", remote_write, { remote_timeout: "30s" }),
        ...understoodRemotes("remote_read", remote_read, { remote_timeout: "1m", filter_external_labels: true }),
        ...Object.entries(rest).flatMap(([key, value]) =>
            value === null || value === undefined ? [] : [[key, canonical(value)] as const],
        ),
    ]);
}

type Entry = readonly [string, unknown];

function understoodJob(job: Values, global: Values, lists: (file: string) => readonly Values[] | undefined): Entry[] {
    const {
        job_name: name,
        static_configs,
        file_sd_configs,
        scrape_interval,
        scrape_timeout,
        ...rest
    } = withAuthorization(job);
    const what = jobNamed(name);
    const interval = String(scrape_interval ?? global.scrape_interval);
    const timeout = scrape_timeout ?? shorter(String(global.scrape_timeout), interval);
    const discovered = listAt({ file_sd_configs }, "file_sd_configs").flatMap((config) => filesOf(config));
    const unknown = discovered.filter((file) => lists(file) === undefined);
    const groups = [
        ...listAt({ static_configs }, "static_configs"),
        ...discovered.flatMap((file) => lists(file) ?? []),
    ];
    const own = Object.fromEntries(inherited.map((key) => [key, global[key]]));
    const settings = withDefaults(withRules({ ...rest, scrape_interval: interval, scrape_timeout: timeout }), {
        ...ofJobs,
        ...own,
    });
    return [
        [what, true],
        ...Object.entries(settings).map(([key, value]) => [`${what}: ${key}`, value] as const),
        ...unknown.map((file) => [`${what}: list ${file}`, true] as const),
        ...groups.flatMap((group) =>
            targetsOf(group).map(([target, labels]) => [`${what}: target ${target}${labels}`, true] as const),
        ),
    ];
}

const shorter = (a: string, b: string) => formatDuration(Math.min(parseDuration(a) ?? 0, parseDuration(b) ?? 0));

const filesOf = ({ files }: Values) => (Array.isArray(files) ? files.map(String) : []);

function targetsOf({ targets, labels }: Values): [string, string][] {
    const named = withDefaults(
        isValues(labels) ? Object.fromEntries(Object.entries(labels).map(([k, v]) => [k, ` ${String(v)}`])) : {},
        {},
    );
    const shown = Object.entries(named).map(([name, value]) => `${name}=${JSON.stringify(String(value).slice(1))}`);
    return (Array.isArray(targets) ? targets : []).map((target) => [
        String(target),
        shown.length > 0 ? ` {${shown.join(", ")}}` : "",
    ]);
}

/** `bearer_token` is an older word for a header. */
function withAuthorization({ bearer_token: token, bearer_token_file: file, authorization, ...rest }: Values): Values {
    const given = isValues(authorization)
        ? authorization
        : (token ?? file) === undefined
          ? undefined
          : { credentials: "" };
    return given ? { ...rest, authorization: { type: "Bearer", ...given } } : rest;
}

const lists = ["relabel_configs", "metric_relabel_configs", "alert_relabel_configs", "write_relabel_configs"];

/** Relabeling rules with their defaults, and without what their action does not read. */
function withRules(values: Values): Values {
    return Object.fromEntries(
        Object.entries(values).map(([key, value]) => [
            key,
            lists.includes(key) && Array.isArray(value) ? value.filter(isValues).map(rule) : value,
        ]),
    );
}

function rule(given: Values): Values {
    const action = String(given.action ?? "replace").toLowerCase();
    const read = ["action", ...(fieldsOf(action) ?? [])].map(snakeCaseWord);
    return Object.fromEntries(Object.entries({ ...ofRules, ...given, action }).filter(([key]) => read.includes(key)));
}

function understoodAlerting({ alertmanagers, ...rest }: Values): Entry[] {
    const groups = listAt({ alertmanagers }, "alertmanagers").flatMap((group): Entry[] => {
        const { static_configs, api_version, ...settings } = withAuthorization(group);
        const targets = listAt({ static_configs }, "static_configs")
            .flatMap(targetsOf)
            .map(([target]) => target);
        const what = `alertmanagers ${targets.sort().join(", ")}`;
        const isAny = targets.length > 0 || Object.keys(settings).some((key) => key.endsWith("_sd_configs"));
        return isAny ? [[what, withDefaults(withRules(settings), ofAlertmanagers)]] : [];
    });
    const others = Object.entries(withDefaults(withRules(rest), {}));
    return [...groups, ...others.map(([key, value]) => [`alerting: ${key}`, value] as const)];
}

function understoodRemotes(word: string, remotes: unknown, defaults: Values): Entry[] {
    return listAt({ [word]: remotes }, word).flatMap((each, i): Entry[] => {
        const settings = withDefaults(withRules(withAuthorization(each)), { ...client, ...defaults });
        const what = `${word}[${i}]`;
        return [[what, true], ...Object.entries(settings).map(([key, value]) => [`${what}: ${key}`, value] as const)];
    });
}
