// @ts-check
// The few calls of GitHub's REST API that the workflows need. Source: https://docs.github.com/en/rest
const { Failure, required } = require("./runner");

/**
 * Calls the API for this repository.
 * @param {"GET" | "POST" | "PATCH"} method
 * @param {string} resource e.g. "issues/7/comments"
 * @param {object} [body]
 * @returns {Promise<any>}
 */
async function call(method, resource, body) {
    const url = `${required("GITHUB_API_URL")}/repos/${required("GITHUB_REPOSITORY")}/${resource}`;
    /** @type {Response} */
    let response;
    try {
        response = await fetch(url, {
            method,
            headers: {
                accept: "application/vnd.github+json",
                authorization: `Bearer ${required("GITHUB_TOKEN")}`,
                "x-github-api-version": "2022-11-28",
                ...(body && { "content-type": "application/json" }),
            },
            ...(body && { body: JSON.stringify(body) }),
            signal: AbortSignal.timeout(30_000),
        });
    } catch (error) {
        throw new Failure(`GitHub does not answer ${method} ${resource}: ${reason(error)}.`);
    }
    const text = await response.text();
    if (!response.ok) {
        throw new Failure(`GitHub answered ${method} ${resource} with ${response.status}: ${message(text)}`);
    }
    return JSON.parse(text);
}

/**
 * All items of a list, page by page.
 * @param {string} resource e.g. "issues?state=open"
 * @returns {Promise<any[]>}
 */
async function list(resource) {
    const size = 100;
    /** @type {any[]} */
    const items = [];
    for (let page = 1; ; page++) {
        const found = await call(
            "GET",
            `${resource}${resource.includes("?") ? "&" : "?"}per_page=${size}&page=${page}`,
        );
        items.push(...found);
        if (found.length < size) {
            return items;
        }
    }
}

/** @param {unknown} error */
const reason = (error) =>
    error instanceof Error ? (error.cause instanceof Error ? error.cause : error).message : String(error);

/** @param {string} text */
function message(text) {
    try {
        return JSON.parse(text).message ?? text;
    } catch {
        return text.slice(0, 200);
    }
}

module.exports = { call, list };
