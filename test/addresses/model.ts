// What a customer's addresses should be, in as few lines as it can be said: a list, and one of them the default.

export interface Parts {
	readonly address1?: string | null;
	readonly city?: string | null;
	readonly country?: string | null;
	readonly province?: string | null;
}

/** As the wire shows it. */
export interface Entry {
	readonly id: string;
	readonly address1: string | null;
	readonly city: string | null;
	readonly countryCodeV2: string | null;
	readonly province: string | null;
	readonly provinceCode: string | null;
}

export type Refusal = "Address already exists" | "Country is invalid" | "Province is invalid" | "invalid id";

const COUNTRIES: Readonly<Record<string, string>> = { CA: "CA", canada: "CA", AU: "AU", Singapore: "SG" };
const ZONES: Readonly<Record<string, Readonly<Record<string, readonly [code: string, name: string]>>>> = {
	CA: { on: ["ON", "Ontario"], Ontario: ["ON", "Ontario"], nt: ["NT", "Northwest Territories"] },
	AU: { nt: ["NT", "Northern Territory"] },
};
export const TYPED_COUNTRIES = [...Object.keys(COUNTRIES), "Atlantis", " ", null];
export const TYPED_PROVINCES = ["on", "Ontario", "nt", "Utopia", "", null];

/** Blank is nothing. */
function clean(typed: string | null | undefined): string | null {
	return typed?.trim() || null;
}

export class Model {
	entries: Entry[] = [];
	defaultId: string | null = null;

	create(parts: Parts, id: string): Refusal | Entry {
		const nothing = { address1: null, city: null, countryCodeV2: null, province: null, provinceCode: null };
		const entry = this.#apply({ id, ...nothing }, parts);
		if (typeof entry === "string") return entry;
		this.entries.push(entry);
		this.defaultId ??= id;
		return entry;
	}

	update(id: string, parts: Parts): Refusal | Entry {
		const before = this.entries.find((entry) => entry.id === id);
		if (!before) return "invalid id";
		const entry = this.#apply(before, parts);
		if (typeof entry !== "string")
			this.entries = this.entries.map((each) => (each === before ? entry : each));
		return entry;
	}

	delete(id: string): Refusal | null {
		if (!this.entries.some((entry) => entry.id === id)) return "invalid id";
		this.entries = this.entries.filter((entry) => entry.id !== id);
		if (this.defaultId === id) this.defaultId = this.entries[0]?.id ?? null;
		return null;
	}

	setDefault(id: string): Refusal | null {
		if (!this.entries.some((entry) => entry.id === id)) return "invalid id";
		this.defaultId = id;
		return null;
	}

	#apply(before: Entry, parts: Parts): Refusal | Entry {
		const place = movedTo(before, parts);
		if (typeof place === "string") return place;
		const entry = {
			id: before.id,
			address1: parts.address1 === undefined ? before.address1 : clean(parts.address1),
			city: parts.city === undefined ? before.city : clean(parts.city),
			...place,
		};
		const others = this.entries.filter(({ id }) => id !== before.id);
		const isSame = (other: Entry) =>
			JSON.stringify({ ...other, id: "" }) === JSON.stringify({ ...entry, id: "" });
		return others.some(isSame) ? "Address already exists" : entry;
	}
}

type Place = Pick<Entry, "countryCodeV2" | "province" | "provinceCode">;

function movedTo(before: Entry, { country, province }: Parts): Place | Refusal {
	const typedCountry = clean(country);
	const found = country === undefined ? before.countryCodeV2 : (COUNTRIES[typedCountry ?? ""] ?? null);
	if (typedCountry !== null && found === null) return "Country is invalid";
	// A province that is not sent is the one of before, by its name.
	const typed = province === undefined ? before.province : clean(province);
	if (typed === null) return { countryCodeV2: found, province: null, provinceCode: null };
	if (found === null) return { countryCodeV2: null, province: typed, provinceCode: null };
	const zones = ZONES[found];
	const byName = Object.values(zones ?? {}).find(([, name]) => name === typed);
	const zone = zones?.[typed] ?? byName;
	if (zone) return { countryCodeV2: found, province: zone[1], provinceCode: zone[0] };
	if (zones && province !== undefined) return "Province is invalid";
	return { countryCodeV2: found, province: null, provinceCode: null };
}

export interface Page {
	readonly size: number;
	readonly fromEnd: boolean;
	readonly reverse: boolean;
	/** Places in the list as the page has it; null for no cursor. */
	readonly after: number | null;
	readonly before: number | null;
}

/** Places in the list, in its order, of what the page should show. */
export function pageOf(length: number, { size, fromEnd, after, before }: Page): readonly number[] {
	const all = Array.from({ length }, (_, index) => index);
	const asked = all.slice(after === null ? 0 : after + 1, before ?? length);
	return fromEnd ? asked.slice(-size) : asked.slice(0, size);
}
