// Mail over SMTP: a pool of connections, one recipient a mail, and bounds on everything the other side may take.
import { domainToASCII } from "node:url";
import nodemailer, { type NodemailerError } from "nodemailer";
import { type Address, readAddress } from "./address.ts";
import { type Mail, type Mailer, Undeliverable } from "./mail.ts";
import { toLine } from "./shown.ts";

/** From the moment of `send`: waiting for a connection, and everything on it. */
const MAX_MAIL_MS = 30_000;
const MAX_CONNECT_MS = 10_000;
const MAX_SILENCE_MS = 15_000;

/**
 * @param url `smtp://` (with STARTTLS where it is offered) or `smtps://`, with a user and password where they are
 * needed, e.g. `smtps://user:password@mail.example`. A password goes in the clear to this machine only.
 */
export function openSmtp(url: string): Mailer {
	const transport = nodemailer.createTransport({
		...readUrl(url),
		pool: true,
		connectionTimeout: MAX_CONNECT_MS,
		greetingTimeout: MAX_CONNECT_MS,
		dnsTimeout: MAX_CONNECT_MS,
		socketTimeout: MAX_SILENCE_MS,
		disableFileAccess: true,
		disableUrlAccess: true,
	});
	return {
		send: async (mail) => {
			const message = toNodemailer(mail);
			try {
				await transport.sendMail({ ...message, signal: AbortSignal.timeout(MAX_MAIL_MS) });
			} catch (error) {
				throw toUndeliverable(error as NodemailerError);
			}
		},
		close: () => transport.close(),
	};
}

/** The message is a sentence for the operator and repeats nothing of the URL. */
export class BadSmtpUrl extends Error {
	override readonly name = "BadSmtpUrl";
}

/** Only what is read here is obeyed: nodemailer itself would take any of its options from a URL. */
function readUrl(text: string) {
	const url = URL.parse(text);
	const [user, pass] = [decode(url?.username ?? ""), decode(url?.password ?? "")];
	const isOurs =
		url && /^smtps?:$/.test(url.protocol) && url.hostname !== "" && url.search === "" && url.hash === "";
	if (!isOurs || user === null || pass === null) {
		throw new BadSmtpUrl("The URL of the mail server must be like smtp://user:password@mail.example:587.");
	}
	const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
	const secure = url.protocol === "smtps:";
	return {
		host,
		port: Number(url.port) || (secure ? 465 : 587),
		secure,
		...(user !== "" && { auth: { user, pass }, requireTLS: !secure && !isLoopback(host) }),
	};
}

function decode(part: string): string | null {
	try {
		return decodeURIComponent(part);
	} catch {
		return null;
	}
}

function isLoopback(host: string): boolean {
	return host.toLowerCase() === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** Addresses are read by our own grammar and handed over as objects, so that nothing is parsed a second time. */
function toNodemailer(mail: Mail) {
	const sender = readAddress(mail.from);
	const recipient = readAddress(mail.to);
	if (!sender) throw new Undeliverable("The sender's address cannot be written into a mail.", false);
	if (!recipient || recipient.address !== mail.to) {
		throw new Undeliverable("The recipient's address cannot be written into a mail.", true);
	}
	const from = toWire(sender);
	const to = toWire(recipient);
	return {
		envelope: { from: from.address, to: [to.address] },
		from,
		to,
		subject: toHeader(mail.subject),
		text: mail.text,
		html: mail.html,
		headers: { "Auto-Submitted": "auto-generated" },
		xMailer: false as const,
	};
}

/** With a domain of Unicode letters in its ASCII form, by the rules that tell accounts apart. */
function toWire({ name, address }: Address): Address {
	const at = address.indexOf("@");
	return { name: toHeader(name), address: `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1))}` };
}

/** Without the marks of an encoded word: what somebody typed in that form would be decoded on the other side. */
function toHeader(text: string): string {
	return toLine(text).replaceAll("=?", "= ?");
}

/** Replies that complain of us and not of the mail: not signed in, or not well enough. */
const ABOUT_SIGNING_IN = [530, 534, 535, 538];

/** The reply's own words may hold the address, so only its numbers are told. */
function toUndeliverable(error: NodemailerError): Undeliverable {
	const { code, command, originalCode, response, responseCode } = error;
	if (code === "EABORT") return new Undeliverable("The mail server took longer than 30 seconds.", false);
	if (!responseCode) {
		return new Undeliverable(
			`The mail server could not be used (${originalCode ?? code ?? "closed"}).`,
			false,
		);
	}
	const status = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response ?? "")?.[1];
	const said = status ? `${responseCode} ${status}` : String(responseCode);
	const permanent =
		(code === "EENVELOPE" || code === "EMESSAGE") &&
		error.permanent === true &&
		!ABOUT_SIGNING_IN.includes(responseCode);
	return new Undeliverable(`The mail server answered ${said} to ${command ?? "the connection"}.`, permanent);
}
