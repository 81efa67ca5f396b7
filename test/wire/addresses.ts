// 1.4: addresses of customers, all of which come later.
import type { Row } from "./row.ts";

function awaited(name: string, says: string, ...sources: Row["sources"]): Row {
	return { id: `1.4/${name}`, says, sources, later: "addresses" };
}

export const rows: readonly Row[] = [
	awaited(
		"create/good",
		"names are filled from the customer, “Ontario” gives `ON` and “Canada” `CA`, the phone number stays as typed",
		"REC",
	),
	awaited("create/bad-token", "denied as in 1.6", "REC"),
	awaited("update/good", "what is not sent is kept", "REC"),
	awaited("delete/good", "the id comes back whole; deleting the default promotes another address", "REC"),
	awaited("default/good", "the customer with the new `defaultAddress`", "REC"),
	awaited("unknown-id", "“invalid id” at top level, `RESOURCE_NOT_FOUND`", "FORUM", "CLI"),
	awaited(
		"unknown-id/admin",
		"on the Admin API “invalid id” in 2025-01, “Invalid id: gid://…” in 2026-04, `RESOURCE_NOT_FOUND`",
		"ADM",
	),
	awaited(
		"id-of-another",
		'`["addressId"]`, “Address does not exist”; on the Storefront perhaps `["id"]`, `NOT_FOUND`',
		"ADM",
		"INF",
	),
	awaited("unknown-country", '“Country is invalid”, `["address","country"]`, `INVALID`', "ADM"),
	awaited("unknown-province", '“Province is invalid”, `["address","province"]`, `INVALID`', "ADM"),
	awaited("province-without-zones", "a province of a country that has none is ignored", "ADM"),
	awaited("too-long", "“Address1 is too long (maximum is 255 characters)”, `TOO_LONG`", "ADM"),
	awaited(
		"markup",
		"“City cannot contain HTML tags”, “Zip cannot contain URL”, “Address1 cannot contain emojis”",
		"ADM",
	),
	awaited("duplicate", 'an exact duplicate: `["address"]`, “Address already exists”', "ADM"),
	awaited("all-blank", "an address of blanks is accepted, all null", "ADM"),
	awaited("zip", "the postal code is not held against the country", "ADM"),
	awaited("blanks", "blanks at the ends are dropped, and what is blank becomes null", "ADM"),
	awaited("blanks/kept", "one record of 2022 kept an empty text", "CLI"),
];
