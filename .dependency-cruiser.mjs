// Which of the project's files may import which: types count as what runs does.

/** The folders of the parts: whatever is in components/, but for what all of them share. */
const partFolder = "^components/(?!(?:delivery|caddy)/)[^/]+/";

/**
 * What each room may import of the project, its own files included. Data flows from the stack file to the containers, and
 * imports go the other way.
 */
const rooms = [
    { room: "^index\\.ts$", mayImport: ["^components/[^/]+$", "^config/index\\.ts$"] },
    // Benchmarks deploy copies of the checkout, as the integration tests do.
    { room: "^bench/", mayImport: ["^(bench|commands|components|config|tests|toolchain)/"] },
    { room: "^commands/", mayImport: ["^(bench|commands|components|config|toolchain)/"] },
    { room: "^components/", mayImport: ["^(components|config|toolchain)/"] },
    { room: "^config/[^/]+$", mayImport: ["^config/"] },
    { room: "^config/check/", mayImport: ["^config/(check|ownRules|schema)/"] },
    { room: "^config/ownRules/", mayImport: ["^config/(ownRules|schema)/"] },
    { room: "^config/render/", mayImport: ["^config/(render|schema)/"] },
    { room: "^config/schema/", mayImport: ["^config/schema/"] },
    { room: "^toolchain/", mayImport: ["^toolchain/", "^package\\.json$"] },
];

/** Who goes not through components/parts.ts, but names a part. */
const namingParts = [
    "^components/parts\\.ts$",
    // Ends when Prometheus has scraped every target as it is declared now, and shows them.
    "^commands/up/report\\.ts$",
    // Sends an alert the way of all alerts: through Alertmanager, by its routes.
    "^commands/alertTest/",
    "^tests/",
];

const pulumi = "(^|node_modules/)@pulumi/(command|docker|pulumi)(/|$)";

/** Who may import Pulumi: whatever else there is also serves those who deploy nothing, as `validate` and `status`. */
const withPulumi = [
    `${partFolder}resources\\.ts$`,
    "^components/(configVolume|dockerHost|imageCommand|lastState|network|preflight|protection|readiness|volume)\\.ts$",
    "^config/index\\.ts$",
    // The protocol of the plugins, and the versions of those that they stand in for.
    "^toolchain/plugins/",
    "^tests/",
];

/** Who may import its types: they say what the files above get and give. */
const withPulumiTypes = ["^components/(part|stack|stackResources)\\.ts$"];

const pulumiComment = "Of a part, resources.ts alone imports Pulumi: all else of it is plain data.";

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
    forbidden: [
        {
            name: "no-circle",
            severity: "error",
            comment: "Move what both need into a file of its own.",
            from: {},
            to: { circular: true },
        },
        {
            name: "pages-in-the-browser",
            severity: "error",
            comment:
                "It runs in browsers, and is kept by the contents of its folder: of other files it has types alone.",
            from: { path: "^components/prometheus/console/" },
            to: {
                pathNot: ["^components/prometheus/console/", "(^|node_modules/)uplot/"],
                dependencyTypesNot: ["type-only"],
            },
        },
        ...rooms.map(({ room, mayImport }) => ({
            name: "rooms",
            severity: "error",
            comment: "A room imports only from those below it: see the list in .dependency-cruiser.mjs.",
            from: { path: room },
            to: { dependencyTypes: ["local"], pathNot: mayImport },
        })),
        {
            name: "parts-know-no-other",
            severity: "error",
            comment:
                "A part sees what the others publish, never their files. What two of them need stands in components/.",
            from: { path: "^components/(?!(?:delivery|caddy)/)([^/]+)/" },
            to: { path: partFolder, pathNot: "^components/$1/" },
        },
        {
            name: "parts-through-the-list",
            severity: "error",
            comment: "Go through components/parts.ts, and have components/part.ts say what a part may have.",
            from: { pathNot: [partFolder, ...namingParts] },
            to: { path: partFolder },
        },
        {
            name: "pulumi-in-resources",
            severity: "error",
            comment: pulumiComment,
            from: { pathNot: [...withPulumi, ...withPulumiTypes] },
            to: { path: pulumi },
        },
        {
            name: "pulumi-in-resources",
            severity: "error",
            comment: pulumiComment,
            from: { path: withPulumiTypes },
            to: { path: pulumi, dependencyTypesNot: ["type-only"] },
        },
    ],
    options: {
        // Types count, those in comments too.
        tsPreCompilationDeps: true,
        parser: "tsc",
        detectJSDocImports: true,
        doNotFollow: { path: "node_modules" },
        exclude: { path: "^\\.state/" },
    },
};
