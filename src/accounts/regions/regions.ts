// Countries and their zones (provinces, states, prefectures): what they are called, and how their addresses are
// written. The data and where it is from: regions.json and LICENSE.
import data from "./regions.json" with { type: "json" };

export interface Zone {
	/** E.g. `ON`. */
	readonly code: string;
	/** In English. */
	readonly name: string;
	readonly otherCodes?: readonly string[];
	readonly otherNames?: readonly string[];
}

export interface Country extends Zone {
	/** The order of an address's lines, e.g. `{address1}_{zip} {city}_{country}`: `_` ends a line. */
	readonly lines: string;
	/** Whether the zone stands in an address by its code, as in `Ottawa ON`, and not by its name. */
	readonly zoneCodeIsShortName?: boolean;
	readonly zones?: readonly Zone[];
}

export const COUNTRIES: readonly Country[] = data.countries;

const byCode = new Map(COUNTRIES.map((country) => [country.code, country]));

/** By the code that is stored. */
export function getCountry(code: string): Country | undefined {
	return byCode.get(code);
}

/** By the code that is stored. */
export function getZone(country: Country, code: string): Zone | undefined {
	return country.zones?.find((zone) => zone.code === code);
}

/**
 * As someone types it: a code in any case, else a name in English or another of the languages below, whatever its
 * case, accents, blanks and punctuation.
 */
export function findCountry(typed: string): Country | undefined {
	const key = fold(typed);
	countries ??= indexOf(COUNTRIES);
	const found = countries.get(key);
	if (found) return found;
	countriesAbroad ??= indexNamesAbroad(countries);
	return countriesAbroad.get(key);
}

/** As someone types it: a code in any case, else a name, as with `findCountry`. */
export function findZone(country: Country, typed: string): Zone | undefined {
	let index = zones.get(country);
	if (!index) {
		index = indexOf(country.zones ?? []);
		zones.set(country, index);
	}
	return index.get(fold(typed));
}

type Index<T> = ReadonlyMap<string, T>;

let countries: Index<Country> | undefined;
let countriesAbroad: Index<Country> | undefined;
const zones = new Map<Country, Index<Zone>>();

function fold(text: string): string {
	return text
		.normalize("NFKD")
		.replace(/[^\p{L}\p{N}]+/gu, "")
		.toLowerCase();
}

/** Codes go before names, and names before other names: where two places share one, the first keeps it. */
function indexOf<T extends Zone>(places: readonly T[]): Index<T> {
	const index = new Map<string, T>();
	const add = (name: string, place: T) => {
		const key = fold(name);
		if (!index.has(key)) index.set(key, place);
	};
	for (const place of places) add(place.code, place);
	for (const place of places) for (const code of place.otherCodes ?? []) add(code, place);
	for (const place of places) add(place.name, place);
	for (const place of places) for (const name of place.otherNames ?? []) add(name, place);
	return index;
}

/** The languages that mails are written in. */
const LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "pt-BR", "ja"];

/** What else countries are called, from Node's own Unicode data. Takes some 30 ms, so only once it is needed. */
function indexNamesAbroad(known: Index<Country>): Index<Country> {
	const index = new Map<string, Country>();
	// Unicode takes a country that is no more for the one that came after it, and would give it that one's names.
	const standing = COUNTRIES.filter(({ code }) => new Intl.Locale(`und-${code}`).region === code);
	for (const language of LANGUAGES) {
		for (const style of ["long", "short"] as const) {
			const names = new Intl.DisplayNames(language, { type: "region", style, fallback: "none" });
			for (const country of standing) {
				const key = fold(names.of(country.code) ?? "");
				if (key !== "" && !known.has(key) && !index.has(key)) index.set(key, country);
			}
		}
	}
	return index;
}
