// One look for all pages that people read: the frame around a page, and the policy under which a browser shows it.
// No script, no other host, no font to load; the one stylesheet is in the page, and the policy names its hash.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Html, html } from "./html.ts";

export interface Page {
	/** Stands in the browser's tab, before the name of the server. */
	readonly title: string;
	/** The page's own content, from its `h1` on. */
	readonly body: Html;
	/** One plain sentence for search engines and previews. */
	readonly description?: string;
	/** Lists of other pages: beside the text on a wide screen, below it on a narrow one. */
	readonly contents?: Html;
	/** Links at the right end of the bar at the top. */
	readonly bar?: Html;
	/** The same page in Markdown. */
	readonly markdownPath?: string;
}

const STYLE = readFileSync(new URL("style.css", import.meta.url), "utf8");
const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/** `Content-Security-Policy` of every page that `renderPage` makes. A page that needs more appends a directive. */
export const PAGE_POLICY = [
	"default-src 'none'",
	`style-src 'sha256-${STYLE_HASH}'`,
	"img-src 'self' data:",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join("; ");

/** A whole HTML document. The classes that a body may use are in style.css. */
export function renderPage(page: Page): string {
	const { title, body, description, contents, bar, markdownPath } = page;
	const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Latchkey</title>
${description && html`<meta name="description" content="${description}">\n`}${
	markdownPath && html`<link rel="alternate" type="text/markdown" href="${markdownPath}">\n`
}<link rel="icon" href="${ICON}">
<style>`;
	const rest = html`</style>
</head>
<body>
<a class="skip" href="#text">Skip to the text</a>
<header class="bar">
<a class="mark" href="/docs">${KEY}<span>Latchkey</span></a>
<nav aria-label="Pages">${contents && html`<a class="to-contents" href="#contents">Contents</a>`}${bar}</nav>
</header>
<div class="${contents ? "sheet with-contents" : "sheet"}">
<main id="text">
${body}
</main>
${contents && html`<nav id="contents" class="contents" aria-label="Contents">${contents}</nav>`}
</div>
</body>
</html>
`;
	return `${document.text}${STYLE}${rest.text}`;
}

const KEY = html`<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><circle cx="7.5" cy="12" r="4.5"/><path d="M12 12h9.5M18 12v4M21.5 12v3"/></svg>`;

/** The same key as a picture of its own, in a colour that shows on light and dark tabs. */
const ICON = `data:image/svg+xml,${encodeURIComponent(
	KEY.text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ').replace("currentColor", "#b07a1e"),
)}`;
