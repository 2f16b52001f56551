// @ts-check
const { parse, stringify } = require("yaml");
const { dockerSync } = require("../../toolchain/docker");
const { archive } = require("../delivery/archive");
const { healthy } = require("../delivery/container");
const { inVolume, setting } = require("../delivery/step");
const { reload, signedIn } = require("./api");

// A database from elsewhere mostly has a data source with the name of ours, and another uid. Grafana finds an existing one by
// its name, gives it no other uid, and then knows none of ours: "data source not found". Some versions do not even start.
// Sources: https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources
//          https://github.com/grafana/grafana/issues/110740

/** @typedef {{ uid: string, name: string, url: string, editable: boolean, isDefault: boolean, secureJsonData?: object }} DataSource */

/** The provisioning file of the data sources, in a release. */
const file = "provisioning/datasources/prometheus.yml";

/** The data source of a Grafana that starts without ours: name and uid. */
const placeholder = "metrics-stack-start";

/** How Grafana calls it. */
const refusal = /data source not found/i;

/**
 * Waits until Grafana can load a configuration, and takes over the data sources of a database from elsewhere.
 * @param {string} container
 */
async function ready(container) {
    const refused = await healthy(container).then(
        () => false,
        (error) => {
            if (refusal.test(String(error))) {
                return true;
            }
            throw error;
        },
    );
    if (refused) {
        await startWithout(container);
    }
    await takeOver(container, refused);
}

/**
 * Starts a Grafana that does not start with our data sources, with another one in their place.
 * @param {string} container
 */
async function startWithout(container) {
    const unused = { type: "prometheus", access: "proxy", url: "http://127.0.0.1", isDefault: false, editable: false };
    const datasources = [{ name: placeholder, uid: placeholder, ...unused }];
    await varied({ apiVersion: 1, prune: true, datasources }, () => {
        dockerSync(["restart", container]);
        return healthy(container);
    });
}

/**
 * Makes room for our data sources, once: from then on they are found under their names. What had a name before gets another
 * one, keeps its uid, and asks our Prometheus too: somebody's own dashboards mean it by its uid.
 * @param {string} container
 * @param {boolean} refused whether Grafana has refused ours already
 */
async function takeOver(container, refused) {
    const ours = dataSourcesOf(container);
    const api = signedIn(container);
    const { body } = api("GET", "/api/datasources");
    const taken = (Array.isArray(body) ? body : []).flatMap((/** @type {DataSource} */ { name, uid }) =>
        ours
            .filter((each) => each.name === name && each.uid !== uid)
            .map((each) => ({ ...each, name: `${name} (${uid})`, uid, isDefault: false, editable: true })),
    );
    if (taken.length === 0 && !refused) {
        return;
    }
    // Only now, and in no release: Grafana would delete it, and make it anew, each time it reads the file.
    const deleteDatasources = [...ours, { name: placeholder }].map(({ name }) => ({ name, orgId: 1 }));
    await varied({ apiVersion: 1, deleteDatasources, datasources: [...taken, ...ours] }, () =>
        reload(api, container, "datasources"),
    );
    for (const { name, uid } of taken) {
        process.stdout.write(
            `The data source ${uid} of Grafana's database is called ${name} now, and asks Prometheus.\n`,
        );
    }
}

/**
 * Does something while the loaded release is current with other data sources.
 * @param {object} dataSources
 * @param {() => unknown} action
 */
async function varied(dataSources, action) {
    const release = inVolume(["vary"], {
        input: await archive({ [file]: stringify(dataSources, { aliasDuplicateObjects: false }) }),
    }).trim();
    try {
        await action();
    } finally {
        inVolume(["undo", release, "varied"]);
    }
}

/**
 * @param {string} container
 * @returns {DataSource[]} what the current release declares
 */
const dataSourcesOf = (container) =>
    parse(dockerSync(["exec", container, "cat", `${setting("MOUNT_PATH")}/current/${file}`])).datasources;

module.exports = { dataSourcesOf, ready };
