// Message → Mail: what a shopper is told, in words of the shopper's language, by our layout or by the shop's template.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MessageKind } from "../model.ts";
import { readAddress } from "./address.ts";
import { buttonColors } from "./colors.ts";
import { chooseLanguage, type Words, wordsOf } from "./languages.ts";
import { parse, renderHtml, renderText } from "./liquid.ts";
import type { Mail } from "./mail.ts";
import { fillTemplate, type Template, TemplateFault, type Variables } from "./shop-template.ts";
import { cut, isGreetable, toLine } from "./shown.ts";

export { chooseLanguage, MAIL_LANGUAGES, parseAcceptLanguage } from "./languages.ts";
export { checkTemplate, type Template } from "./shop-template.ts";

export interface Message {
	readonly kind: MessageKind;
	/** As the API names it: `EN`, `PT_BR`. */
	readonly language: string;
	/** An address, or `Name <address>`; without a name, the shop's is put before it. */
	readonly from: string;
	readonly to: string;
	readonly shop: { readonly name: string; readonly url: string; readonly accentColor: string };
	readonly customer: {
		readonly email: string;
		readonly firstName: string | null;
		readonly lastName: string | null;
	};
	/** The link of an activation or reset; else null. */
	readonly url: string | null;
	/** How long the link works; null without a link. */
	readonly lifetimeMinutes: number | null;
	/** The new address, for `emailChanged`. */
	readonly newEmail: string | null;
	/** A shop's own template in place of ours. */
	readonly template: Template | null;
}

export interface ComposedMail extends Mail {
	/** Why the shop's template was not used, as one sentence for the operator; null where it was, or there is none. */
	readonly templateFault: string | null;
}

const MAX_SUBJECT = 255;

const TEMPLATES = join(import.meta.dirname, "templates");
const HTML = parse(readFileSync(join(TEMPLATES, "message.html.liquid"), "utf8"));
const TEXT = parse(readFileSync(join(TEMPLATES, "message.txt.liquid"), "utf8"));

/** Never throws for a template: a bad one is told of in `templateFault`, and the mail is our own. */
export function compose(message: Message): ComposedMail {
	const words = fillWords(message);
	const own = composeOwn(message, words);
	if (!message.template) return { ...own, templateFault: null };
	try {
		const filled = fillTemplate(message.template, variablesOf(message, words));
		if (message.url && !showsLink(filled, message.url)) {
			return { ...own, templateFault: "The template does not show the link that this message is for." };
		}
		const subject = toSubject(filled.subject) || own.subject;
		return { ...own, subject, html: filled.html, text: filled.text ?? own.text, templateFault: null };
	} catch (error) {
		if (error instanceof TemplateFault) return { ...own, templateFault: error.message };
		throw error;
	}
}

function composeOwn(message: Message, words: FilledWords): Mail {
	const { shop, url } = message;
	const link = url ?? shop.url;
	const scope = {
		...words,
		lang: localeOf(message),
		link,
		copyLink: url === null ? null : words.copyLink,
		shop: { name: toLine(shop.name), url: shop.url },
		colors: { ...buttonColors(shop.accentColor) },
	};
	return {
		from: senderOf(message),
		to: message.to,
		subject: toSubject(words.subject),
		text: renderText(TEXT, scope, true),
		html: renderHtml(HTML, scope, true),
		links: [link],
	};
}

type FilledWords = Readonly<Record<keyof Words[MessageKind] | "greeting" | "copyLink" | "footer", string>> & {
	readonly lifetime: string | null;
};

/** The words of this kind of message with everything in its place. */
function fillWords(message: Message): FilledWords {
	const { customer, kind, lifetimeMinutes } = message;
	const words = wordsOf(message.language);
	const name = nameOf(message, words);
	const values: Readonly<Record<string, string>> = {
		shop: toLine(message.shop.name),
		name,
		email: toLine(message.to),
		newEmail: toLine(message.newEmail ?? customer.email),
		lifetime: lifetimeMinutes === null ? "" : sayLifetime(lifetimeMinutes, localeOf(message)),
	};
	// In one pass: what is filled in is not looked into.
	const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? "");
	const { subject, preview, title, body, button, advice } = words[kind];
	return {
		subject: fill(subject),
		preview: fill(preview),
		title: fill(title),
		body: fill(body),
		button: fill(button),
		advice: fill(advice),
		greeting: fill(name === "" ? words.greetingPlain : words.greeting),
		lifetime: lifetimeMinutes === null ? null : fill(words.linkLifetime),
		copyLink: words.copyLink,
		footer: fill(words.footer),
	};
}

/** As the language greets: by first name, or by both in its own order; empty where it greets without. */
function nameOf({ customer }: Message, { nameParts }: Words): string {
	if (!customer.firstName) return "";
	const parts = nameParts.map((part) => customer[part === "lastName" ? "lastName" : "firstName"]);
	const name = toLine(parts.filter(Boolean).join(" "));
	return isGreetable(name) ? name : "";
}

/** 60 minutes, 24 hours, 30 days. */
function sayLifetime(minutes: number, locale: string): string {
	const hours = Math.floor(minutes / 60);
	const rest = minutes % 60;
	const format = new Intl.DurationFormat(locale, { style: "long" });
	if (hours < 2) return format.format({ minutes });
	if (hours < 48) return format.format({ hours, minutes: rest });
	return format.format({ days: Math.floor(hours / 24), hours: hours % 24, minutes: rest });
}

function variablesOf({ kind, from, shop, customer, url, newEmail }: Message, words: FilledWords): Variables {
	return {
		firstName: customer.firstName && toLine(customer.firstName),
		lastName: customer.lastName && toLine(customer.lastName),
		email: customer.email,
		newEmail,
		activationUrl: kind === "activation" ? url : null,
		resetUrl: kind === "reset" ? url : null,
		shopName: toLine(shop.name),
		shopUrl: shop.url,
		shopEmail: readAddress(from)?.address ?? "",
		accentColor: buttonColors(shop.accentColor).accent,
		title: words.title,
		body: words.body,
	};
}

/** Plain, or within the address of another page that leads to it. */
function showsLink({ html }: Template, url: string): boolean {
	return [url.replaceAll("&", "&amp;"), url, encodeURIComponent(url)].some((form) => html.includes(form));
}

function senderOf({ from, shop }: Message): string {
	const sender = readAddress(from);
	const name = toLine(shop.name);
	return sender === null || sender.name !== "" || name === "" ? from : `${name} <${sender.address}>`;
}

function toSubject(text: string): string {
	return cut(toLine(text), MAX_SUBJECT);
}

/** BCP 47, e.g. `pt-BR`. */
function localeOf({ language }: Message): string {
	return new Intl.Locale(chooseLanguage([language]).replace("_", "-")).toString();
}
