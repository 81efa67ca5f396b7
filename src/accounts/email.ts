// E-mail addresses: what may be one, and when two are the same. All of it linear in the length of the text.
import { domainToASCII } from "node:url";

/** No address is longer; looking one up costs nothing that grows with what was typed. */
const MAX_TYPED_LENGTH = 1024;

/** As stored and shown: every whitespace removed, nothing else changed. */
export function stripEmail(typed: string): string {
	return typed.replace(/\s/gu, "");
}

/**
 * The key by which two addresses are one account: compatibility forms and case are folded, and a domain in
 * Unicode is its own ASCII form. Dots and plus signs tell addresses apart. Our own, so that no database's
 * collation takes part in it. Mail is always sent to the stored address, never to a folded or a typed one.
 */
export function foldEmail(email: string): string {
	const stripped = stripEmail(email);
	const at = stripped.lastIndexOf("@");
	const local = foldText(stripped.slice(0, at < 0 ? stripped.length : at));
	if (at < 0) return local;
	const domain = foldText(stripped.slice(at + 1));
	return `${local}@${(mayBeDomain(domain) && domainToASCII(domain)) || domain}`;
}

/** The key that a typed address is looked up by; where the text can be no address, one that nobody has. */
export function keyOfTyped(typed: string): string {
	// Not every database can be asked for a text with a NUL in it.
	const mayBeAddress = typed.length <= MAX_TYPED_LENGTH && typed.isWellFormed() && !typed.includes("\0");
	return mayBeAddress ? foldEmail(typed) : "";
}

/** What a URL ends its host with would be cut off unseen, and two addresses become one. */
function mayBeDomain(domain: string): boolean {
	return !/[/?#%:@\\]/.test(domain.normalize("NFKC"));
}

function foldText(text: string): string {
	return text.normalize("NFKC").toLowerCase().normalize("NFKC");
}

/** One @, something before it, a dot in the domain, and no character that a mail header gives a meaning to. */
export function isEmail(email: string): boolean {
	const at = email.indexOf("@");
	if (at < 1 || email.indexOf("@", at + 1) >= 0 || !email.isWellFormed()) return false;
	if (/[\s"(),:;<>[\\\]\p{Cc}\p{Cf}]/u.test(email)) return false;
	const local = email.slice(0, at);
	const domain = email.slice(at + 1);
	if (!mayBeDomain(domain)) return false;
	if (local.startsWith(".") || local.endsWith(".") || local.includes("..")) return false;
	const dot = domain.indexOf(".");
	return dot > 0 && dot < domain.length - 1;
}

/** Whether the part after the @ could be registered: labels of letters, digits and inner hyphens. */
export function hasPossibleDomain(email: string): boolean {
	const ascii = domainToASCII(email.slice(email.indexOf("@") + 1));
	if (ascii === "" || ascii.length > 253) return false;
	const labels = ascii.split(".");
	const top = labels.at(-1) ?? "";
	if (labels.length < 2 || /^\d+$/.test(top)) return false;
	return labels.every((label) => label.length <= 63 && /^[a-z\d](?:[a-z\d-]*[a-z\d])?$/i.test(label));
}
