// What a Multipass token says of its customer, each part held against our rules. The address, the moment and the
// identifier say who comes in and when: a fault in one of them refuses the token. All else only describes the
// customer, and upstream is not known to be strict about it: a part that breaks our rules is left out, so that a name
// with markup in the shop's own records is never stored, and never keeps anybody from signing in.
import type { Seconds } from "../model.ts";
import type { NewAddress } from "../store/addresses.ts";
import type { Tag } from "../store/tags.ts";
import { validateNewAddress } from "./addresses.ts";
import type { Reason } from "./errors.ts";
import { isTag, MAX_TAGS, normalizeTags } from "./tags.ts";
import { validateEmail, validateName, validatePhone } from "./validation.ts";

export interface MultipassClaims {
	readonly email: string;
	readonly createdAt: Seconds;
	/** What the shop's own system calls the customer; null when it does not say. */
	readonly identifier: string | null;
	/** What is left out, blank or against the rules is null, and stays as it is. */
	readonly firstName: string | null;
	readonly lastName: string | null;
	readonly phone: string | null;
	/** In place of all that the customer has; null where the token says nothing of tags. */
	readonly tags: readonly Tag[] | null;
	readonly addresses: readonly ClaimedAddress[];
}

interface ClaimedAddress {
	readonly parts: NewAddress["parts"];
	readonly isDefault: boolean;
}

type Members = Readonly<Record<string, unknown>>;

const MAX_IDENTIFIER_LENGTH = 255;
/** In one token. */
const MAX_ADDRESSES = 50;
/** ISO 8601, with a space for the `T` as Ruby writes it. Python writes UTC without saying so. */
const MOMENT = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d{1,9})? ?(Z|z|[+-]\d\d(?::?\d\d)?)?$/;

/** Null when it does not say well enough who comes in and when. */
export function readClaims(payload: Members): MultipassClaims | null {
	const reasons: Reason[] = [];
	const email = validateEmail(textOf(payload["email"]), reasons);
	const createdAt = parseMoment(textOf(payload["created_at"]));
	const identifier = readIdentifier(payload["identifier"]);
	if (reasons.length > 0 || createdAt === null || identifier === undefined) return null;
	const { tag_string: tags, addresses } = payload;
	return {
		email,
		createdAt,
		identifier,
		firstName: keep((faults) => validateName(textOf(payload["first_name"]), "firstName", faults)),
		lastName: keep((faults) => validateName(textOf(payload["last_name"]), "lastName", faults)),
		phone: keep((faults) => validatePhone(textOf(payload["phone"]), faults)),
		tags: typeof tags === "string" ? normalizeTags(tags.split(",")).filter(isTag).slice(0, MAX_TAGS) : null,
		addresses: Array.isArray(addresses)
			? addresses.slice(0, MAX_ADDRESSES).flatMap((address) => readAddress(address) ?? [])
			: [],
	};
}

/** The value, if nothing speaks against it. */
function keep(validate: (faults: Reason[]) => string | null): string | null {
	const faults: Reason[] = [];
	const value = validate(faults);
	return faults.length === 0 ? value : null;
}

function textOf(member: unknown): string {
	return typeof member === "string" ? member : "";
}

function isMembers(value: unknown): value is Members {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text or a number, as programs name their users. Undefined for what cannot be one. */
function readIdentifier(member: unknown): string | null | undefined {
	if (member === undefined || member === null) return null;
	if (typeof member !== "string" && !Number.isSafeInteger(member)) return undefined;
	const identifier = String(member).trim();
	if (identifier.length > MAX_IDENTIFIER_LENGTH || !identifier.isWellFormed()) return undefined;
	if (/\p{Cc}/u.test(identifier)) return undefined;
	return identifier === "" ? null : identifier;
}

/** In whole seconds; null for what is no moment. */
function parseMoment(text: string): Seconds | null {
	const [, date, time = "", zone = ""] = MOMENT.exec(text) ?? [];
	if (!date) return null;
	const offset = /\d/.test(zone) ? `${zone.replace(":", "")}00`.slice(0, 5) : "+0000";
	const milliseconds = Date.parse(`${date}T${time}${offset.slice(0, 3)}:${offset.slice(3)}`);
	return Number.isNaN(milliseconds) ? null : milliseconds / 1000;
}

/** Codes are surer than names. Null for what is no address, breaks a rule or says nothing. */
function readAddress(members: unknown): ClaimedAddress | null {
	if (!isMembers(members)) return null;
	const member = (name: string) => textOf(members[name]).trim() || undefined;
	const typed = {
		company: member("company"),
		address1: member("address1"),
		address2: member("address2"),
		city: member("city"),
		province: member("province_code") ?? member("province"),
		country: member("country_code") ?? member("country"),
		zip: member("zip"),
		phone: member("phone"),
	};
	if (Object.values(typed).every((part) => part === undefined)) return null;
	const names = { firstName: member("first_name"), lastName: member("last_name") };
	const faults: Reason[] = [];
	const parts = validateNewAddress({ ...typed, ...names }, faults);
	return faults.length === 0 ? { parts, isDefault: members["default"] === true } : null;
}
