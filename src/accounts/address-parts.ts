// What may stand in an address, and which country and province its words name.
import type { Address } from "../model.ts";
import type { AddressParts } from "../store/addresses.ts";
import type { AddressInput } from "./addresses.ts";
import type { Reason } from "./errors.ts";
import { findCountry, findZone, getCountry, getZone } from "./regions/regions.ts";
import { validateAddressPart } from "./validation.ts";

/** Country and province are one thing: neither says where it is without the other. */
export type Place = Pick<Address, "country" | "province">;

export const NOWHERE: Place = { country: null, province: null };

/** All that may be typed but the place. */
const TEXTS = ["firstName", "lastName", "company", "address1", "address2", "city", "zip", "phone"] as const;

/**
 * The parts that were given, as they are stored; both of the place when one of the two was given. `before` is where
 * the address has been until now.
 */
export function validateAddress(
	input: AddressInput,
	before: Place,
	reasons: Reason[],
): Partial<AddressParts> {
	const texts: { [K in (typeof TEXTS)[number]]?: string | null } = {};
	for (const field of TEXTS) {
		const typed = input[field];
		if (typed !== undefined) texts[field] = validateAddressPart(typed, field, reasons);
	}
	if (input.country === undefined && input.province === undefined) return texts;
	return { ...texts, ...validatePlace(input, before, reasons) };
}

function validatePlace(input: AddressInput, before: Place, reasons: Reason[]): Place {
	const known = reasons.length;
	const country = input.country === undefined ? before.country : validateCountry(input.country, reasons);
	const { province: given } = input;
	const typed = given === undefined ? undefined : validateAddressPart(given, "province", reasons);
	if (reasons.length > known) return before;
	if (typed === undefined) return { country, province: moveProvince(before, country) };
	const province = typed && provinceIn(country, typed);
	if (province === undefined) reasons.push({ reason: "invalid", field: "province" });
	return { country, province: province ?? null };
}

/** The code, or null for none. */
function validateCountry(given: string | null, reasons: Reason[]): string | null {
	const known = reasons.length;
	const typed = validateAddressPart(given, "country", reasons);
	if (typed === null || reasons.length > known) return null;
	const country = findCountry(typed);
	if (!country) reasons.push({ reason: "invalid", field: "country" });
	return country?.code ?? null;
}

/** As it is stored; null for a country without zones, undefined for a province that the country does not have. */
function provinceIn(country: string | null, typed: string): string | null | undefined {
	if (country === null) return typed;
	const known = getCountry(country);
	return known?.zones ? findZone(known, typed)?.code : null;
}

/** By its name, because one code is another province in another country: `NT` is in Canada and in Australia. */
function moveProvince({ country: from, province }: Place, to: string | null): string | null {
	if (province === null || from === to) return province;
	const country = from === null ? undefined : getCountry(from);
	const name = (country && getZone(country, province)?.name) ?? province;
	return provinceIn(to, name) ?? null;
}
