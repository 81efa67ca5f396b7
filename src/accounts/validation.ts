// Rules for what a shopper may type. Each gives the value to keep, or pushes the reasons against it.
import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import { MAX_PASSWORD_LENGTH, normalizePassword } from "../secrets/password.ts";
import type { Policy } from "./context.ts";
import { hasPossibleDomain, isEmail, stripEmail } from "./email.ts";
import type { Field, Reason } from "./errors.ts";

const MAX_LENGTH = 255;

export function validateEmail(typed: string, reasons: Reason[]): string {
	const field = "email";
	if (typed.length > 4 * MAX_LENGTH) {
		reasons.push({ reason: "tooLong", field, limit: MAX_LENGTH }, { reason: "invalid", field });
		return "";
	}
	const email = stripEmail(typed);
	if (email === "") reasons.push({ reason: "blank", field });
	else if (email.length > MAX_LENGTH) {
		reasons.push({ reason: "tooLong", field, limit: MAX_LENGTH }, { reason: "invalid", field });
	} else if (!isEmail(email)) reasons.push({ reason: "invalid", field });
	else if (!hasPossibleDomain(email)) reasons.push({ reason: "badDomain", field });
	return email;
}

/** The normal form of a password that may be set. */
export function validatePassword(
	typed: string,
	{ minPasswordLength, commonPasswords }: Pick<Policy, "minPasswordLength" | "commonPasswords">,
	reasons: Reason[],
): string {
	const field = "password";
	if (typed === "") {
		reasons.push({ reason: "blank", field });
		return "";
	}
	if (!typed.isWellFormed()) {
		reasons.push({ reason: "invalid", field });
		return "";
	}
	const password = normalizePassword(typed);
	const length = password === null ? Number.POSITIVE_INFINITY : countCharacters(password);
	if (password === null || length > MAX_PASSWORD_LENGTH) {
		reasons.push({ reason: "tooLong", field, limit: MAX_PASSWORD_LENGTH });
		return "";
	}
	if (password.trim() !== password) reasons.push({ reason: "whitespaceAtEnds", field });
	if (length < minPasswordLength) reasons.push({ reason: "tooShort", field, limit: minPasswordLength });
	// Without regard to case, as whoever guesses tries `Password` right after `password`.
	else if (commonPasswords.has(password.toLowerCase())) reasons.push({ reason: "tooCommon", field });
	return password;
}

/** Trimmed; blank is null. */
export function validateName(
	typed: string | null | undefined,
	field: Field,
	reasons: Reason[],
): string | null {
	const name = typed?.trim() ?? "";
	if (name === "") return null;
	// Not every database keeps a text with a NUL in it.
	if (!name.isWellFormed() || name.includes("\0")) reasons.push({ reason: "invalid", field });
	else if (countCharacters(name) > MAX_LENGTH) reasons.push({ reason: "tooLong", field, limit: MAX_LENGTH });
	else if (containsHtml(name)) reasons.push({ reason: "containsHtml", field });
	else if (containsUrl(name)) reasons.push({ reason: "containsUrl", field });
	return name;
}

/** By the rules of a name, and without emojis: no printer of labels and no carrier takes them. */
export function validateAddressPart(typed: string | null, field: Field, reasons: Reason[]): string | null {
	const before = reasons.length;
	const part = validateName(typed, field, reasons);
	if (part !== null && reasons.length === before && containsEmoji(part)) {
		reasons.push({ reason: "containsEmoji", field });
	}
	return part;
}

/** E.164. Blank is null; a number without its country's prefix is refused. */
export function validatePhone(typed: string | null | undefined, reasons: Reason[]): string | null {
	const phone = typed?.trim() ?? "";
	if (phone === "") return null;
	const field: Field = "phone";
	if (phone.length > MAX_LENGTH) {
		reasons.push({ reason: "tooLong", field, limit: MAX_LENGTH });
		return null;
	}
	const parsed = phone.startsWith("+") ? parsePhoneNumberFromString(phone) : undefined;
	if (!parsed?.isPossible()) {
		reasons.push({ reason: "invalid", field });
		return null;
	}
	return parsed.number;
}

function countCharacters(text: string): number {
	let count = 0;
	for (const _ of text) count++;
	return count;
}

/** `<` directly before a letter, `/`, `!` or `?` is how markup begins; `2 < 3` is not markup. */
function containsHtml(text: string): boolean {
	return /<[a-z/!?]/iu.test(text);
}

function containsUrl(text: string): boolean {
	return /https?:\/\/|\bwww\./iu.test(text);
}

/** What is shown as a picture by itself or by a selector: ™ and ♥ are text, 🙂 and ♥️ are not. */
function containsEmoji(text: string): boolean {
	return /\p{Emoji_Presentation}|\uFE0F/u.test(text);
}
