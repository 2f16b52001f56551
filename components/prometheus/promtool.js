// @ts-check
const { parse } = require("yaml");
const { filesBeside } = require("../delivery/beside");
const { fileNameOf } = require("./declared");

// What promtool refuses. It stops at the first mistake, and names no job: where it refuses the whole, the jobs are halved until
// the one is found that it refuses alone. Unit tests of somebody's own rules are run where it refuses nothing.

/** @typedef {import("../delivery/program").Part} Part */
/** @typedef {import("../delivery/program").Refusal} Refusal */
/** @typedef {import("../delivery/program").Run} Run */

/**
 * How a configuration is checked. Where a discovery of AWS names no region, it is that of the machine which Prometheus runs on: promtool
 * would ask AWS for it, and refuse all where it gets no answer.
 * Source: https://github.com/prometheus/prometheus/blob/v3.13.5/discovery/aws/aws.go (`loadRegion`)
 */
const checkConfig = "AWS_REGION=of-the-machine promtool check config";

// A rule that looks like another one is no mistake: --lint=none.
const script = `${checkConfig} --lint=none prometheus.yml 2>&1; exit 0`;

/** How much longer each job may have it take, in milliseconds: some 10 ms with the rules of a host, on busy cores more. */
const patienceForJob = 50;
const patienceForTest = 5000;

/** Somebody's own rule files and tests, with the paths of the repository below it. */
const ownFolder = "own-rules/";

/** @param {Part} part */
const patience = (part) =>
    patienceForJob * jobsOf(part).length + patienceForTest * Object.keys(part.tests ?? {}).length;

/** @param {Part} part */
const jobsOf = ({ files }) => Object.keys(files).flatMap((file) => /^rules\/(.*)\.yml$/.exec(file)?.[1] ?? []);

/**
 * @param {string} said what promtool said of the whole
 * @param {Part} part
 * @param {Run} run
 * @returns {Promise<Refusal[]>}
 */
async function refusals(said, part, run) {
    const words = refused(said);
    if (words === undefined) {
        return failedTests(part, run);
    }
    const alone = [...(await refusedRules(part, run)), ...(await refusedJobs(part, run))];
    return alone.length > 0 ? alone : [{ words }];
}

/**
 * @param {Part} part
 * @param {Run} run
 * @returns {Promise<Refusal[]>} those of jobs that are refused alone
 */
async function refusedJobs(part, run) {
    const { scrape_configs: jobs, ...others } = parse(filesBeside(part)["prometheus.yml"] ?? "");
    const said = await run(halving(patience(part)), pieces(jobs, others)).catch(() => "");
    const found = about(said).flatMap(([i, ofJob]) => {
        const words = refused(ofJob);
        return words === undefined ? [] : [{ job: jobs[Number(i)], words }];
    });
    const discoveries = await refusedDiscoveries(
        found.map(({ job }) => job),
        run,
    );
    return found.flatMap(({ job, words }) => {
        const own = discoveries.filter((each) => each.about === job.job_name);
        return own.length > 0 ? own : [{ about: job.job_name, words }];
    });
}

/**
 * @param {readonly import("./declared").ScrapeConfig[]} jobs
 * @param {Run} run
 * @returns {Promise<Refusal[]>} each service discovery that is refused alone
 */
async function refusedDiscoveries(jobs, run) {
    const each = jobs.flatMap(({ job_name, ...job }) =>
        Object.entries(job)
            // A list of files of its own stands before those that are declared, and of such lists hardly anything is refused.
            .filter(([key]) => key.endsWith("_sd_configs") && key !== "file_sd_configs")
            .flatMap(([key, list]) =>
                /** @type {unknown[]} */ (list).map((discovery, i) => ({
                    ...{ about: job_name, where: [camelCase(key), i] },
                    config: JSON.stringify({ scrape_configs: [{ job_name: "any", [key]: [discovery] }] }),
                })),
            ),
    );
    const files = Object.fromEntries(each.map(({ config }, i) => [`discovery-${i}.yml`, config]));
    const names = Object.keys(files);
    const said =
        each.length > 0 ? await run(forEach(`${checkConfig} --lint=none`), { ...files, ...listed(names) }) : "";
    const ofFile = new Map(about(said));
    return each.flatMap(({ about, where }, i) => {
        const words = refused(ofFile.get(names[i] ?? "") ?? "");
        return words === undefined ? [] : [{ about, where, words }];
    });
}

/** @param {string} word */
const camelCase = (word) => word.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

/**
 * @param {Part} part
 * @param {Run} run
 * @returns {Promise<Refusal[]>} each mistake in a rule file of somebody's own
 */
async function refusedRules({ files }, run) {
    const own = Object.keys(files).filter((file) => file.startsWith(ownFolder));
    const said = own.length > 0 ? await run(forEach("promtool check rules --lint=none"), listed(own)) : "";
    return about(said).flatMap(([file, ofFile]) =>
        [
            ...new Set(
                refused(ofFile)
                    ?.split(`${file}: `)
                    .map((words) => words.trim()),
            ),
        ]
            .filter((words) => words !== "")
            .map((words) => ({ about: file.slice(ownFolder.length), words })),
    );
}

/**
 * @param {Part} part
 * @param {Run} run
 * @returns {Promise<Refusal[]>}
 */
async function failedTests({ tests = {} }, run) {
    const files = Object.keys(tests);
    const said = files.length > 0 ? await run(forEach("promtool test rules"), listed(files)) : "";
    return about(said).flatMap(([file, ofFile]) => {
        const words = refused(ofFile)?.replaceAll(/\n\s*\n/g, "\n");
        return words === undefined ? [] : [{ about: file.slice(ownFolder.length), words, isTest: true }];
    });
}

/** @param {readonly string[]} files */
const listed = (files) => ({ "pieces/files": files.map((file) => `${file}\n`).join("") });

/** @param {string} command run for each of the files that are listed */
const forEach = (command) =>
    `while IFS= read -r file; do echo "@$file"; ${command} "$file" 2>&1 < /dev/null; done < pieces/files; exit 0`;

/**
 * @param {string} said "@" and a name, and what was said of it, one after the other
 * @returns {(readonly [name: string, said: string])[]}
 */
const about = (said) =>
    said.split(/^@/m).flatMap((each) => {
        const end = each.indexOf("\n");
        return end === -1 ? [] : [/** @type {const} */ ([each.slice(0, end), each.slice(end)])];
    });

/** @param {string} said */
const refused = (said) => /FAILED:\s*(?:parsing YAML file \S+: )?(.*)/s.exec(said)?.[1]?.trim();

/**
 * What a configuration of some of the jobs is put together from: a line each of their numbers, rule files and scrape
 * configurations. JSON is YAML, but for the characters that YAML wants escaped.
 * @param {readonly import("./declared").ScrapeConfig[]} jobs
 * @param {Readonly<Record<string, unknown>>} others what stands beside them
 */
function pieces(jobs, others) {
    const json = (/** @type {unknown} */ value) =>
        JSON.stringify(value).replace(
            /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
            (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
        );
    const lines = (/** @type {string[]} */ each) => each.map((line) => `${line}\n`).join("");
    const shared = Object.entries(others).filter(([key]) => key !== "rule_files");
    return {
        "pieces/head": lines(shared.map(([key, value]) => `${key}: ${json(value)}`)),
        "pieces/numbers": lines(jobs.map((_, i) => String(i))),
        // An agent has none.
        "pieces/rules": lines(others.rule_files ? jobs.map((job) => `- rules/${fileNameOf(job)}.yml`) : []),
        "pieces/jobs": lines(jobs.map((job) => `- ${json(job)}`)),
    };
}

/**
 * Says "@" with the number of the job and promtool's words for each job that is refused alone. Of the jobs that are left the first
 * such one is found by halving, and taken out, until the rest is accepted or the time is over. Nothing where what all jobs share is
 * refused.
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
        said="$(${checkConfig} some.yml 2>&1)"
    }
    ${checkConfig} pieces/head > /dev/null 2>&1 || exit 0
    while left=$(wc -l < pieces/numbers) && [ "$left" -gt 0 ]; do
        first=1 last=$left
        while [ "$first" -lt "$last" ]; do
            [ "$(date +%s)" -lt "$end" ] || exit 0
            middle=$(((first + last) / 2))
            if accepts "$first" "$middle"; then first=$((middle + 1)); else last=$middle; fi
        done
        ! accepts "$first" "$first" || exit 0
        echo "@$(sed -n "\${first}p" pieces/numbers)" && echo "$said"
        sed -i "\${first}d" pieces/numbers pieces/rules pieces/jobs
        [ "$left" -eq 1 ] || ! accepts 1 $((left - 1)) || exit 0
    done`;

module.exports = { checkConfig, files: filesBeside, patience, refusals, script, tool: "promtool" };
