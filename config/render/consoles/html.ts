import { createHash } from "node:crypto";
import type { Page } from "./page";

/** What all pages have in common: the script that draws them, and the style. */
export interface Look {
    readonly script: string;
    readonly style: string;
}

/**
 * A page in one file: what is to be drawn as JSON, and the script that draws it. It loads nothing, and asks nobody but the
 * server that it came from.
 * Source: https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
 */
export function html(page: Page, { script, style }: Look): string {
    const policy = [
        "default-src 'none'",
        `script-src ${hash(script)}`,
        `style-src ${hash(style)}`,
        "connect-src 'self'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ].join("; ");
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${escaped(page.dashboard.title)} – ${escaped(page.stack)}</title>
<style>${style}</style>
</head>
<body>
<noscript>This page is drawn by its script: allow scripts for this address.</noscript>
<script type="application/json" id="page">${inert(JSON.stringify(page, undefined, 1))}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** A page that leads to another. */
export const redirect = (file: string) => `<!doctype html>
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url=${file}">
<link rel="icon" href="data:,">
<title>Dashboards</title>
<a href="${file}">Dashboards</a>
`;

/** What the policy knows an inline script or style by. */
const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** JSON that no declared text can end. */
const inert = (json: string) => json.replaceAll("<", String.raw`\u003c`);

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
