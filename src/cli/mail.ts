// `latchkey mail …`: mails that wait, and the shop's own words in place of ours.
import { Argument, type Command, Option } from "commander";
import type { Context } from "../accounts/context.ts";
import { MAIL_LANGUAGES } from "../mail/languages.ts";
import type { MessageKind, WaitingMail } from "../model.ts";
import { listWaitingMails, retryMails } from "../store/outbox.ts";
import { deleteTemplate, listTemplates, type MailTemplate, setTemplate } from "../store/shop-choices.ts";
import { toDateTime } from "../storefront/forms.ts";
import { type Answer, addShopCommand, type Options, operateInShop, readId } from "./operate.ts";
import { formatRecord, formatTable } from "./table.ts";
import { Refused, readTextFile, type Terminal } from "./terminal.ts";

const KINDS: readonly MessageKind[] = ["activation", "reset", "passwordChanged", "emailChanged", "welcome"];

interface TemplateOptions extends Options {
	readonly language?: string;
}

interface NewTemplateOptions extends TemplateOptions {
	readonly subject: string;
	readonly htmlFile: string;
	readonly textFile?: string;
}

export function addMailCommands(program: Command, terminal: Terminal): void {
	const group = program
		.command("mail")
		.description("Mails that wait to be sent, and a shop's own templates.");
	addShopCommand(group, "list", "List the mails that wait, newest first. What was sent is not in it.", [
		["with those that were given up", "mail list"],
	]).action((options: Options) => operateInShop(terminal, options, list));
	addShopCommand(group, "retry [id]", "Have mails sent now, whatever they wait for.", [
		["one", "mail retry 12345678901234"],
		["all of the shop, when its mail server is back", "mail retry --all"],
	])
		.option("--all", "every mail of the shop")
		.action((id: string | undefined, options: Options & { readonly all?: true }) =>
			operateInShop(terminal, options, (context) => retry(context, id, options.all === true)),
		);
	const templates = group
		.command("template")
		.description("A shop's own Liquid templates, for a kind of message and one language or all.");
	addShopCommand(
		templates,
		"list",
		"List the templates that the shop has; our own words stand for the rest.",
		[["all of them", "mail template list"]],
	).action((options: Options) => operateInShop(terminal, options, listAll));
	const onTemplate = (usage: string, says: string, examples: Parameters<typeof addShopCommand>[3]) =>
		addShopCommand(templates, usage, says, examples)
			.addOption(
				new Option("--language <language>", "without this, the one for all others").choices(MAIL_LANGUAGES),
			)
			.addArgument(new Argument("<kind>", "the kind of mail").choices(KINDS));
	onTemplate("show", "Show a template.", [
		["the German one", "mail template show reset --language DE"],
	]).action((kind: MessageKind, options: TemplateOptions) =>
		operateInShop(terminal, options, (context) => show(context, kind, options.language ?? "")),
	);
	onTemplate("set", "Set a template; one that cannot be used is refused. Mails that wait use it as well.", [
		[
			"for every language that has none of its own",
			'mail template set reset --subject "Your password at {{ shop.name }}" --html-file reset.html',
		],
		[
			"for one, with a text beside it",
			'mail template set reset --language DE --subject "Ihr Passwort" --html-file reset.html --text-file reset.txt',
		],
	])
		.requiredOption("--subject <liquid>", "the subject")
		.requiredOption("--html-file <file>", "the HTML")
		.option("--text-file <file>", "the plain text; without this, that of our own message")
		.action((kind: MessageKind, options: NewTemplateOptions) =>
			operateInShop(terminal, options, (context) => setOne(context, kind, options)),
		);
	onTemplate("remove", "Remove a template: our own words stand in its place.", [
		["the German one", "mail template remove reset --language DE"],
	]).action((kind: MessageKind, options: TemplateOptions) =>
		operateInShop(terminal, options, async ({ store, shop, clock }) => {
			const language = options.language ?? "";
			const isRemoved = await deleteTemplate(store, { shopId: shop.id, kind, language, now: clock.now() });
			if (!isRemoved) throw noTemplate(kind, language);
			return { json: { removed: { kind, language: language || null } }, text: "The template is removed." };
		}),
	);
}

async function list({ store, shop }: Context): Promise<Answer> {
	const mails = await listWaitingMails(store, shop.id);
	const headings = ["id", "kind", "to", "language", "attempts", "next attempt", "decided"];
	const rows = mails.map(({ id, kind, recipient, language, attempts, nextAttemptAt, createdAt }) => {
		const next = nextAttemptAt === null ? "given up" : toDateTime(nextAttemptAt);
		return [id, kind, recipient, language, attempts, next, toDateTime(createdAt)];
	});
	return {
		json: mails.map(mailToJson),
		text: formatTable(headings, rows),
		note: mails.length === 0 ? "No mail waits." : undefined,
	};
}

async function retry({ store, shop, clock }: Context, id: string | undefined, all: boolean): Promise<Answer> {
	if ((id !== undefined) === all) throw new Refused("Give the id of one mail, or --all.");
	const due = await retryMails(store, shop.id, id === undefined ? null : readId(id), clock.now());
	if (id !== undefined && due === 0) throw new Refused(`No mail with the id ${id} waits in ${shop.name}.`);
	return { json: { due }, text: `Mails that are due now: ${due}.` };
}

async function listAll({ store, shop }: Context): Promise<Answer> {
	const templates = await listTemplates(store, shop.id);
	const rows = templates.map(({ kind, language, subject }) => [kind, language || "all others", subject]);
	return {
		json: templates.map(templateToJson),
		text: formatTable(["kind", "language", "subject"], rows),
		note: templates.length === 0 ? "No templates: every mail is in our own words." : undefined,
	};
}

async function show({ store, shop }: Context, kind: MessageKind, language: string): Promise<Answer> {
	const templates = await listTemplates(store, shop.id);
	const template = templates.find((one) => one.kind === kind && one.language === language);
	if (!template) throw noTemplate(kind, language);
	const { subject, html, text } = template;
	const parts = [
		formatRecord([["subject", subject]]),
		html.trimEnd(),
		...(text === null ? [] : [text.trimEnd()]),
	];
	return { json: templateToJson(template), text: parts.join("\n\n") };
}

async function setOne(
	{ store, shop, clock }: Context,
	kind: MessageKind,
	{ subject, htmlFile, textFile, language = "" }: NewTemplateOptions,
): Promise<Answer> {
	const text = textFile === undefined ? null : readTextFile(textFile);
	const template: MailTemplate = { kind, language, subject, html: readTextFile(htmlFile), text };
	const { checkTemplate } = await import("../mail/shop-template.ts");
	const fault = checkTemplate(template);
	if (fault !== null) throw new Refused(fault);
	await setTemplate(store, { ...template, shopId: shop.id, now: clock.now() });
	return { json: templateToJson(template), text: `Mails of the kind ${kind} use the template from now on.` };
}

function noTemplate(kind: MessageKind, language: string): Refused {
	return new Refused(`The shop has no template for ${kind}${language && ` in ${language}`}.`);
}

function templateToJson({ language, ...template }: MailTemplate) {
	return { ...template, language: language || null };
}

function mailToJson(mail: WaitingMail) {
	const { id, customerId, kind, recipient, language, attempts, nextAttemptAt, createdAt } = mail;
	return {
		id: String(id),
		customerId: String(customerId),
		kind,
		recipient,
		language,
		attempts,
		nextAttemptAt: nextAttemptAt === null ? null : toDateTime(nextAttemptAt),
		createdAt: toDateTime(createdAt),
	};
}
