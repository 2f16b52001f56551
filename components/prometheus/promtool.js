// @ts-check
const { parse } = require("yaml");

// What promtool refuses. It stops at the first mistake, and names no job: where it refuses the whole, the jobs are halved until
// the one is found that it refuses alone.

/** @typedef {import("../delivery/program").Part} Part */

const script = "promtool check config prometheus.yml 2>&1; exit 0";

/** How much longer each job may have it take, in milliseconds: some 10 ms with the rules of a host, on busy cores more. */
const patienceForJob = 50;

/**
 * promtool finds lists, rules and secrets beside the file that names them.
 * @param {Part} part
 */
function files({ mountPath, files }) {
    const beside = (/** @type {string} */ content) =>
        content.replaceAll(`${mountPath}/current/`, "").replaceAll(`${mountPath}/`, "");
    return Object.fromEntries(Object.entries(files).map(([file, content]) => [file, beside(content)]));
}

/** @param {Part} part */
const patience = (part) => patienceForJob * jobsOf(part).length;

/** @param {Part} part */
const jobsOf = ({ files }) => Object.keys(files).flatMap((file) => /^rules\/(.*)\.yml$/.exec(file)?.[1] ?? []);

/**
 * @param {string} said what promtool said of the whole
 * @param {Part} part
 * @param {import("../delivery/program").Run} run
 * @returns {Promise<{ about?: string, words: string }[]>} about: the job, where one alone is refused
 */
async function refusals(said, part, run) {
    const words = refused(said);
    if (words === undefined) {
        return [];
    }
    const ofJobs = (await run(halving(patience(part)), pieces(part)).catch(() => "")).split(/^@/m);
    const alone = ofJobs.flatMap((ofJob) => {
        const about = ofJob.slice(0, ofJob.indexOf("\n"));
        const words = refused(ofJob);
        return words === undefined ? [] : [{ about, words }];
    });
    return alone.length > 0 ? alone : [{ words }];
}

/** @param {string} said */
const refused = (said) => /FAILED:\s*(?:parsing YAML file \S+: )?(.*)/s.exec(said)?.[1]?.trim();

/**
 * What a configuration of some of the jobs is put together from: a line each of their names, rule files and scrape
 * configurations. JSON is YAML, but for the characters that YAML wants escaped.
 * @param {Part} part
 */
function pieces(part) {
    const { scrape_configs, ...others } = parse(files(part)["prometheus.yml"] ?? "");
    delete others.rule_files;
    const json = (/** @type {unknown} */ value) =>
        JSON.stringify(value).replace(
            /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
            (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
        );
    const lines = (/** @type {string[]} */ each) => each.map((line) => `${line}\n`).join("");
    /** @type {{ job_name: string }[]} */
    const jobs = scrape_configs;
    return {
        "pieces/head": lines(Object.entries(others).map(([key, value]) => `${key}: ${json(value)}`)),
        "pieces/names": lines(jobs.map(({ job_name }) => job_name)),
        "pieces/rules": lines(jobs.map(({ job_name }) => `- rules/${job_name}.yml`)),
        "pieces/jobs": lines(jobs.map((job) => `- ${json(job)}`)),
    };
}

/**
 * Says "@job" and promtool's words for each job that is refused alone. Of the jobs that are left the first such one is found by
 * halving, and taken out, until the rest is accepted or the time is over. Nothing where what all jobs share is refused.
 * @param {number} milliseconds
 */
const halving = (milliseconds) => `
    end=$(($(date +%s) + ${Math.ceil(milliseconds / 1000)} + 15))
    accepts() { # the first job, the last
        {
            cat pieces/head
            echo rule_files: && sed -n "$1,$2p" pieces/rules
            echo scrape_configs: && sed -n "$1,$2p" pieces/jobs
        } > some.yml
        said="$(promtool check config some.yml 2>&1)"
    }
    promtool check config pieces/head > /dev/null 2>&1 || exit 0
    while left=$(wc -l < pieces/names) && [ "$left" -gt 0 ]; do
        first=1 last=$left
        while [ "$first" -lt "$last" ]; do
            [ "$(date +%s)" -lt "$end" ] || exit 0
            middle=$(((first + last) / 2))
            if accepts "$first" "$middle"; then first=$((middle + 1)); else last=$middle; fi
        done
        ! accepts "$first" "$first" || exit 0
        echo "@$(sed -n "\${first}p" pieces/names)" && echo "$said"
        sed -i "\${first}d" pieces/names pieces/rules pieces/jobs
        [ "$left" -eq 1 ] || ! accepts 1 $((left - 1)) || exit 0
    done`;

module.exports = { files, patience, refusals, script, tool: "promtool" };
