// The reference as HTML: a page, the index of a version, the landing page, and the page for what is not there.
import {
	type Endpoint,
	endpointPath,
	SHELL_VARIABLES,
	toCurl,
	toGraphiqlPath,
} from "../storefront/reference/examples.ts";
import {
	type Example,
	type Failure,
	FOLDERS,
	type Kind,
	type Link,
	type Member,
	type Page,
	type Section,
} from "../storefront/reference/page.ts";
import { indexPath, type Reference } from "../storefront/reference/reference.ts";
import { firstSentence, piecesOf } from "../storefront/reference/text.ts";
import { PROVEN_VERSIONS } from "../storefront/versions.ts";
import { type Html, html } from "./html.ts";
import { renderPage } from "./layout.ts";

/** From so many on, the values of an enum are a list of two columns. */
const MANY_VALUES = 40;

type Say = (text: string) => readonly Html[];

export function renderReferencePage(reference: Reference, page: Page, endpoint: Endpoint): string {
	const { version } = reference;
	const { name, path, scope, deprecation, description, sections, failures, example, lists } = page;
	const say: Say = (text) =>
		piecesOf(text, reference, path).map(({ text: piece, isCode, path: target }) =>
			isCode ? linked(html`<code>${piece}</code>`, target) : html`${piece}`,
		);
	return renderPage({
		title: `${name} · Storefront API ${version}`,
		description: description.replaceAll("`", ""),
		markdownPath: `${path}.md`,
		bar: renderVersions(version, (other) => path.replace(version, other)),
		contents: renderContents(reference, page),
		body: html`<p class="eyebrow"><a href="${indexPath(version)}">Storefront API ${version}</a> / ${titleOf(page.kind)}</p>
<h1><code>${breakable(name)}</code></h1>
<p class="lead">${say(description)}</p>
${deprecation && html`<p class="warning">Deprecated. ${say(deprecation)}</p>\n`}${
	scope && html`<p class="note">Requires the access scope <code>${scope}</code>.</p>\n`
}${sections.map((section) => renderSection(section, say))}${
	failures && renderFailures(failures, say)
}${example && renderExample(example, version, endpoint, say)}${lists.map(
	({ title, links }) => html`<h2>${title}</h2>
<ul class="codes">${links.map((link) => html`<li>${linkTo(link)}</li>`)}</ul>
`,
)}<p class="soft small">This page as <a href="${path}.md">Markdown</a>.</p>`,
	});
}

function renderSection({ title, type, members }: Section, say: Say): Html {
	const areWords = members.length >= MANY_VALUES && members.every((member) => member.type === null);
	return html`<h2 id="${title.toLowerCase().replace(" ", "-")}">${title}</h2>
${type && html`<p>${linkTo(type)}</p>\n`}${
	members.length > 0 && (areWords ? renderWords(members, say) : renderMembers(members, say))
}`;
}

/** Values of a long enum: a line each. */
function renderWords(values: readonly Member[], say: Say): Html {
	return html`<dl class="facts">
${values.map(
	({ name, anchor, description, deprecation }) => html`<dt id="${anchor}"><code>${name}</code></dt>
<dd>${say(description)}${deprecation !== null && html` <span class="tag old">deprecated</span> ${say(deprecation)}`}</dd>
`,
)}</dl>
`;
}

function renderMembers(members: readonly Member[], say: Say): Html {
	return html`<dl class="members">
${members.map((member) => renderMember(member, say))}</dl>
`;
}

function renderMember(member: Member, say: Say): Html {
	const { name, anchor, type, required, defaultValue, description, deprecation, scope, members, answeredBy } =
		member;
	return html`<dt id="${anchor}"><code class="name">${name}</code>${type && html`\n${linkTo(type)}`}${
		required && html`\n<span class="tag">required</span>`
	}${defaultValue !== null && html`\n<span class="tag">default ${defaultValue}</span>`}${
		deprecation !== null && html`\n<span class="tag old">deprecated</span>`
	}</dt>
<dd><p>${say(description)}</p>
${deprecation && html`<p class="soft">${say(deprecation)}</p>\n`}${
	scope && html`<p class="soft">Requires the access scope <code>${scope}</code>.</p>\n`
}${
	answeredBy.length > 0 &&
	html`<p class="soft small">Answered by ${answeredBy.map((link, index) => [index > 0 && ", ", linkTo(link)])}.</p>\n`
}${members.length > 0 && renderMembers(members, say)}</dd>
`;
}

function renderFailures(failures: readonly Failure[], say: Say): Html {
	return html`<h2 id="errors">Errors</h2>
<dl class="members">
${failures.map(
	({ code, path, when, atTopLevel }) => html`<dt><span class="name">${linkTo({ text: code, path })}</span>
<span class="tag">${atTopLevel ? "at top level" : "customerUserErrors"}</span></dt>
<dd><p>${say(when)}</p></dd>
`,
)}</dl>
`;
}

function renderExample(example: Example, version: string, endpoint: Endpoint, say: Say): Html {
	const { document, variables, placeholders } = example;
	const meanings = placeholders.map(
		({ name, meaning }) => html`<li><code>${name}</code>: ${say(meaning)}</li>\n`,
	);
	return html`<h2 id="example">Example</h2>
<pre tabindex="0"><code>${document}</code></pre>
<h3>Variables</h3>
<pre tabindex="0"><code>${JSON.stringify(variables, null, 2)}</code></pre>
${meanings.length > 0 && html`<ul>\n${meanings}</ul>\n`}<h3>As a command</h3>
<pre class="wrap"><code>${toCurl(example, version, endpoint)}</code></pre>
${
	endpoint.development
		? html`<p><a href="${toGraphiqlPath(example, version)}">Open it in GraphiQL</a></p>\n`
		: html`<p>${say(SHELL_VARIABLES)}</p>\n`
}`;
}

/** The index of a version: every page, with its first sentence. */
export function renderIndex(reference: Reference): string {
	const { version } = reference;
	return renderPage({
		title: `Storefront API ${version}`,
		description: `Reference of the customer part of the Storefront API ${version}.`,
		markdownPath: `${indexPath(version)}.md`,
		bar: renderVersions(version, indexPath),
		contents: renderContents(reference, null),
		body: html`<h1>Storefront API ${version}</h1>
<p class="lead">The customer part: signing up and in, profiles, addresses, recovery, and what a document can read along the way. One endpoint takes every operation:</p>
<pre><code>POST ${endpointPath(version)}</code></pre>
${groupPages(reference).map(
	({ title, pages }) => html`<h2>${title}</h2>
<ul class="rows">
${pages.map(
	({ name, path, description }) => html`<li><a href="${path}"><code>${name}</code></a>
<p>${piecesOf(firstSentence(description), reference, path).map(({ text, isCode }) => (isCode ? html`<code>${text}</code>` : text))}</p></li>
`,
)}</ul>`,
)}`,
	});
}

/** What `/docs` says. */
export function renderLanding(endpoint: Endpoint): string {
	const newest = PROVEN_VERSIONS.at(-1) ?? "";
	return renderPage({
		title: "Documentation",
		description: "Reference of this server's part of the Storefront API.",
		bar: renderVersions(null, indexPath),
		body: html`<h1>Documentation</h1>
<p class="lead">This server answers the customer part of Shopify's Storefront GraphQL API.</p>
<h2>Reference</h2>
<ul class="rows">
${PROVEN_VERSIONS.toReversed().map(
	(version) => html`<li><a href="${indexPath(version)}">Storefront API ${version}</a>
<p>${version === newest ? "The newest version." : "An older version, served for clients that were written for it."}</p></li>
`,
)}<li><a href="/llms.txt">llms.txt</a>
<p>Every page as Markdown, one line each, for programs that read.</p></li>
${
	endpoint.development &&
	html`<li><a href="${endpointPath(newest)}">GraphiQL</a>
<p>Write an operation and see its answer.</p></li>
<li><a href="/_dev/mail">Mailbox</a>
<p>What would have been mailed: links to activate an account or to reset a password.</p></li>`
}</ul>
<h2>A first request</h2>
<pre class="wrap"><code>curl "${endpoint.origin}${endpointPath(newest)}" \\
  -H "X-Shopify-Storefront-Access-Token: ${endpoint.storefrontAccessToken}" \\
  -H "Content-Type: application/json" \\
  -d '{"query":"{ shop { name } }"}'</code></pre>`,
	});
}

/** For a path under `/docs` that leads nowhere. */
export function renderNotFound(): string {
	return renderPage({
		title: "Not found",
		body: html`<h1>There is no such page</h1>
<p>The reference has a page for every operation and type of the customer part. <a href="/docs">See what there is.</a></p>`,
	});
}

function renderVersions(current: string | null, pathIn: (version: string) => string): Html {
	return html`${PROVEN_VERSIONS.toReversed().map(
		(version) =>
			html`<a href="${pathIn(version)}"${version === current && html` aria-current="true"`}>${version}</a>`,
	)}`;
}

function renderContents(reference: Reference, current: Page | null): Html {
	return html`${groupPages(reference).map(
		({ title, pages }) => html`<h2>${title}</h2>
<ul>${pages.map(
			({ name, path }) =>
				html`<li><a href="${path}"${path === current?.path && html` aria-current="page"`}>${breakable(name)}</a></li>`,
		)}</ul>
`,
	)}`;
}

function groupPages(
	reference: Reference,
): readonly { readonly title: string; readonly pages: readonly Page[] }[] {
	const groups = Map.groupBy(reference.pages, ({ kind }) => kind);
	return [...groups].map(([kind, pages]) => ({ title: titleOf(kind), pages }));
}

/** `Input objects`. */
function titleOf(kind: Kind): string {
	const words = FOLDERS[kind].replace("-", " ");
	return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** A long name may break where its words begin. */
function breakable(name: string): readonly Html[] {
	return name.split(/(?=[A-Z])/).map((word) => html`${word}<wbr>`);
}

function linkTo({ text, path }: Link): Html {
	return linked(html`<code>${text}</code>`, path);
}

function linked(content: Html, path: string | null): Html {
	return path === null ? content : html`<a href="${path}">${content}</a>`;
}
