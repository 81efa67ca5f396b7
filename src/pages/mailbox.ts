// The mailbox of `latchkey dev` for people: every mail as its reader would see it, with its links in reach.
import type { Mail } from "../mail/mail.ts";
import { type Html, html } from "./html.ts";
import { renderPage } from "./layout.ts";

/** More would make a page that a browser takes seconds to show; the JSON has them all. */
const MAX_SHOWN = 100;
const MAX_SNIPPET = 120;

/**
 * Of the answer that carries the page, name and value in turn. The frames inherit the policy, and mails bring their
 * styles and pictures along; a script or a form in one does nothing.
 */
export const MAILBOX_HEADERS: readonly string[] = [
	"Content-Security-Policy",
	[
		"default-src 'none'",
		"style-src 'unsafe-inline'",
		"img-src data: https: http:",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	].join("; "),
];

/** @param mails Newest first. */
export function renderMailbox(mails: readonly Mail[]): string {
	const more = mails.length - MAX_SHOWN;
	return renderPage({
		title: "Mailbox",
		body: html`<h1>Mailbox</h1>
<p class="soft">Mails come here under <code>latchkey dev</code>; they are sent as well only where <code>LATCHKEY_SMTP_URL</code> is set. Programs read the same list as JSON with <code>GET /_dev/mail</code>.</p>
${mails.length === 0 && html`<p class="note">No mail yet. Ask for one with <code>customerRecover</code>, and load this page again.</p>`}
<ul class="rows">
${mails.slice(0, MAX_SHOWN).map(renderMail)}
</ul>
${more > 0 && html`<p class="soft">${more} older ${more === 1 ? "mail is" : "mails are"} not shown here.</p>`}`,
	});
}

function renderMail(mail: Mail): Html {
	const snippet = mail.text
		.slice(0, 4 * MAX_SNIPPET)
		.replace(/\s+/g, " ")
		.slice(0, MAX_SNIPPET)
		.toWellFormed();
	return html`<li><details class="mail">
<summary><strong>${mail.subject}</strong><span class="soft">${mail.to}</span><span class="soft small">${snippet} …</span></summary>
<dl class="facts">
<dt>From</dt><dd>${mail.from}</dd>
<dt>To</dt><dd>${mail.to}</dd>
${mail.links.map((link) => html`<dt>Link</dt><dd>${renderLink(link)}</dd>\n`)}</dl>
<div class="frame"><iframe sandbox="" loading="lazy" title="The mail as HTML" srcdoc="${mail.html}"></iframe></div>
<details><summary>The mail as text</summary>
<pre>${mail.text}</pre>
</details>
</details></li>
`;
}

function renderLink(link: string): Html {
	if (!/^https?:\/\//i.test(link)) return html`${link}`;
	return html`<a href="${link}" target="_blank" rel="noreferrer">${link}</a>`;
}
