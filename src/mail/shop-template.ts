// A shop's own template in place of our message: the Liquid notification templates that shops already have, with the
// variables that those ask for.
import { LiquidError } from "liquidjs";
import { MAX_TEMPLATE_BYTES, parse, renderHtml, renderText, type Scope } from "./liquid.ts";
import { toLine } from "./shown.ts";

/** Each part at most 256 KiB. */
export interface Template {
	readonly subject: string;
	readonly html: string;
	/** Null takes the text of our own message. */
	readonly text: string | null;
}

/** What the templates of every kind of message may ask for; a value that a message does not have is null. */
export interface Variables {
	readonly firstName: string | null;
	readonly lastName: string | null;
	readonly email: string;
	readonly newEmail: string | null;
	readonly activationUrl: string | null;
	readonly resetUrl: string | null;
	readonly shopName: string;
	readonly shopUrl: string;
	/** Where the shop's mails come from. */
	readonly shopEmail: string;
	readonly accentColor: string;
	readonly title: string;
	readonly body: string;
}

/** A template that cannot be used; the message is one sentence, with the line where there is one. */
export class TemplateFault extends Error {
	override readonly name = "TemplateFault";
}

/** What is wrong with the template, as one sentence; null when it can be used. */
export function checkTemplate(template: Template): string | null {
	try {
		fillTemplate(template, SAMPLE);
		return null;
	} catch (error) {
		if (error instanceof TemplateFault) return error.message;
		throw error;
	}
}

/** Throws `TemplateFault`, and nothing else. */
export function fillTemplate(template: Template, variables: Variables): Template {
	const scope = toScope(variables);
	return {
		subject: fillPart("subject", template.subject, scope, renderText),
		html: fillPart("HTML part", template.html, scope, renderHtml),
		text: template.text === null ? null : fillPart("text part", template.text, scope, renderText),
	};
}

function fillPart(name: string, source: string, scope: Scope, render: typeof renderHtml): string {
	if (Buffer.byteLength(source) > MAX_TEMPLATE_BYTES)
		throw new TemplateFault(`The ${name} is larger than 256 KiB.`);
	try {
		return render(parse(source), scope);
	} catch (error) {
		throw new TemplateFault(`The ${name} cannot be used: ${reasonOf(error)}.`);
	}
}

function reasonOf(error: unknown): string {
	const reason = error instanceof Error ? error.message : "it fails";
	if (!LiquidError.is(error)) return reason;
	// Of the message only what stands before liquidjs's own way of naming the place.
	const original = error.originalError instanceof Error ? error.originalError.message : reason;
	const [line] = error.token.getPosition();
	return `line ${line}, ${toLine(original.replace(/, line:\d+, col:\d+$/, ""))}`;
}

/** The names that notification templates know these by. Null, not empty: in Liquid an empty text counts as true. */
function toScope(variables: Variables): Scope {
	const { firstName, lastName, email, newEmail, activationUrl, resetUrl } = variables;
	return {
		customer: {
			first_name: firstName,
			last_name: lastName,
			name: [firstName, lastName].filter(Boolean).join(" ") || null,
			email,
			new_email: newEmail,
			account_activation_url: activationUrl,
			reset_password_url: resetUrl,
		},
		shop: {
			name: variables.shopName,
			url: variables.shopUrl,
			domain: URL.parse(variables.shopUrl)?.host ?? null,
			email: variables.shopEmail,
			email_logo_url: null,
			email_logo_width: null,
			email_accent_color: variables.accentColor,
		},
		email_title: variables.title,
		email_body: variables.body,
	};
}

const SAMPLE: Variables = {
	firstName: "Ada",
	lastName: "Lovelace",
	email: "ada@example.com",
	newEmail: "lovelace@example.com",
	activationUrl: "https://shop.example/account/activate/1/0123456789abcdef",
	resetUrl: "https://shop.example/account/reset/1/0123456789abcdef",
	shopName: "Shop",
	shopUrl: "https://shop.example",
	shopEmail: "mail@shop.example",
	accentColor: "#22262b",
	title: "Title",
	body: "Body",
};
