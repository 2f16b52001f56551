// @ts-check

/**
 * The files of a part as a tool in their folder finds them: lists, rules, templates and secrets beside the file that names them.
 * @param {Pick<import("./program").Part, "mountPath" | "files">} part
 */
function filesBeside({ mountPath, files }) {
    const beside = (/** @type {string} */ content) =>
        content.replaceAll(`${mountPath}/current/`, "").replaceAll(`${mountPath}/`, "");
    return Object.fromEntries(Object.entries(files).map(([file, content]) => [file, beside(content)]));
}

module.exports = { filesBeside };
