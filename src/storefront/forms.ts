// Ids and times in the form that the wire gives them. An id names a record and holds no secret.

export function toGid(type: string, id: number): string {
	return `gid://shopify/${type}/${id}`;
}

/** The number of a record of this type, whatever parameters follow it; null for any other text. */
export function readGid(type: string, gid: string): number | null {
	const [head = ""] = gid.split("?", 1);
	const prefix = `gid://shopify/${type}/`;
	const digits = head.slice(prefix.length);
	return head.startsWith(prefix) && /^[1-9]\d{0,15}$/.test(digits) ? Number(digits) : null;
}

const SECONDS_OF_DAY = 86_400;
const MAX_KEPT_DAYS = 10_000;
/** Days already put into words: every answer has a time in it, and most of them are of a few days. */
const days = new Map<number, string>();
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"));

/** Whole seconds, as the wire writes times: no fractions, or the iOS SDK crashes on them. */
export function toDateTime(seconds: number): string {
	const day = Math.floor(seconds / SECONDS_OF_DAY);
	let date = days.get(day);
	if (date === undefined) {
		if (days.size >= MAX_KEPT_DAYS) days.clear();
		date = new Date(day * SECONDS_OF_DAY * 1000).toISOString().slice(0, 11);
		days.set(day, date);
	}
	const rest = seconds - day * SECONDS_OF_DAY;
	const [hours, minutes] = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60];
	return `${date}${TWO_DIGITS[hours]}:${TWO_DIGITS[minutes]}:${TWO_DIGITS[rest % 60]}Z`;
}
