// @ts-check

/** What went wrong, in words for the user: printed without a stack trace. */
class ToolError extends Error {}

module.exports = { ToolError };
