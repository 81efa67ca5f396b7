// A reference page as Markdown, for programs that read: the front matter and the order are the field's.
import { type Endpoint, SHELL_VARIABLES, toCurl } from "./examples.ts";
import type { Link, Member, Page } from "./page.ts";
import { indexPath, type Reference } from "./reference.ts";
import { firstSentence, piecesOf } from "./text.ts";

export function renderMarkdown(reference: Reference, page: Page, endpoint: Endpoint): string {
	const say = (text: string) =>
		piecesOf(text, reference, page.path)
			.map(({ text: piece, isCode, path }) => (isCode ? linked(`\`${piece}\``, path) : piece))
			.join("");
	const { example } = page;
	return blocks(
		frontMatter(page, reference.version),
		`# ${page.name}`,
		`${page.kind} · Storefront API ${reference.version}`,
		page.scope && `Requires the access scope \`${page.scope}\`.`,
		page.deprecation && `**Deprecated:** ${say(page.deprecation)}`,
		say(page.description),
		...page.sections.flatMap(({ title, type, members }) => [
			`## ${title}`,
			type && linkTo(type),
			...members.map((member) => renderMember(member, say)),
		]),
		page.failures && "## Errors",
		page.failures
			?.map(({ code, path, when, atTopLevel }) => {
				const place = atTopLevel ? "at top level" : "in `customerUserErrors`";
				return `- ${linked(`\`${code}\``, path)} ${place}: ${say(when)}`;
			})
			.join("\n"),
		...(example
			? [
					"## Example",
					fence("graphql", example.document),
					"Variables:",
					fence("json", JSON.stringify(example.variables, null, 2)),
					...example.placeholders.map(({ name, meaning }) => `\`${name}\`: ${say(meaning)}.`),
					"As a command:",
					fence("sh", toCurl(example, reference.version, endpoint)),
					!endpoint.development && SHELL_VARIABLES,
				]
			: []),
		...page.lists.flatMap(({ title, links }) => [
			`## ${title}`,
			links.map((link) => `- ${linkTo(link)}`).join("\n"),
		]),
	);
}

function renderMember(member: Member, say: (text: string) => string): string {
	const { name, type, required, defaultValue, deprecation, scope, description, members, answeredBy } = member;
	const head = [
		`\`${name}\``,
		type && linkTo(type),
		required && "required",
		defaultValue !== null && `default \`${defaultValue}\``,
		deprecation !== null && "deprecated",
		scope && `requires \`${scope}\``,
	];
	const body = blocks(
		head.filter(Boolean).join(" · "),
		say(description),
		deprecation && `Deprecated: ${say(deprecation)}`,
		answeredBy.length > 0 && `Answered by ${answeredBy.map(linkTo).join(", ")}.`,
		...members.map((inner) => renderMember(inner, say)),
	);
	return `- ${body.trimEnd().replaceAll("\n", "\n  ").replaceAll("\n  \n", "\n\n")}`;
}

/** The index of a version's pages. */
export function renderIndexMarkdown(reference: Reference): string {
	const path = indexPath(reference.version);
	return blocks(
		[
			"---",
			`title: ${quote(`Storefront API ${reference.version}`)}`,
			`api_version: ${reference.version}`,
			"api_name: storefront",
			"api_type: graphql",
			"source_url:",
			`  html: ${path}`,
			`  md: ${path}.md`,
			"---",
		].join("\n"),
		`# Storefront API ${reference.version}, the customer part`,
		listPages(reference),
	);
}

/** What a program that reads is to read first: every page in a line. */
export function renderLlms(references: readonly Reference[]): string {
	return blocks(
		"# Latchkey",
		"> The customer part of Shopify's Storefront GraphQL API, as a server that anyone can host.",
		...references.flatMap((reference) => [`## Storefront API ${reference.version}`, listPages(reference)]),
	);
}

function listPages(reference: Reference): string {
	return reference.pages
		.map(({ kind, name, path, description }) => {
			return `- [${name}](${path}.md): ${kind}. ${firstSentence(description)}`;
		})
		.join("\n");
}

function frontMatter({ name, description, kind, path }: Page, version: string): string {
	return [
		"---",
		`title: ${quote(`${name} - Storefront API`)}`,
		`description: ${quote(description)}`,
		`api_version: ${version}`,
		"api_name: storefront",
		"api_type: graphql",
		`type: ${kind}`,
		"source_url:",
		`  html: ${path}`,
		`  md: ${path}.md`,
		"---",
	].join("\n");
}

/** JSON's strings are YAML's too. */
function quote(text: string): string {
	return JSON.stringify(text);
}

function linkTo({ text, path }: Link): string {
	return linked(`\`${text}\``, path);
}

/** Links lead from Markdown to Markdown. */
function linked(text: string, path: string | null): string {
	if (path === null) return text;
	const [page, fragment] = path.split("#");
	return `[${text}](${page}.md${fragment ? `#${fragment}` : ""})`;
}

function fence(language: string, code: string): string {
	return `\`\`\`${language}\n${code}\n\`\`\``;
}

function blocks(...parts: readonly (string | null | undefined | false)[]): string {
	return `${parts.filter(Boolean).join("\n\n")}\n`;
}
