// Literals for generated documents. A string literal is first a place with a number; what is typed into the place
// is decided when the document is written out, so one document can be written with other strings in the same places.

/** What may stand in a place: the name of a scalar, or `TypeName` for the name of a type of the schema. */
export interface Place {
	readonly kind: string;
	readonly roll: number;
}

/** Private characters around the number of a place, which no generated text holds otherwise. */
const [OPEN, CLOSE] = ["\uE000", "\uE001"];

export function placeMark(index: number): string {
	return `${OPEN}${index}${CLOSE}`;
}

export function holdsPlace(text: string): boolean {
	return text.includes(OPEN);
}

/** Strings that are easy to get wrong between quotes. */
const STRINGS = [
	"",
	"a",
	'say "hi"',
	"back\\slash",
	"two\nlines",
	"  indented\n    more\n\n  less  ",
	'"""',
	'ends with "',
	"ends with \\",
	"# no comment",
	"{ not: $a [document] }",
	"café 🗝️ \u2028 \uFEFF",
	"tab\tcontrol\u0001",
	'\\"""',
	"\\\\\\",
	'ends with \\"""',
];

const TYPE_NAMES = ["Customer", "Node", "CustomerCreateInput", "CountryCode", "Nothing", "Merchandise"];

/** The value of a scalar that is written as a string, a different one for each variant. */
export function stringFor(kind: string, roll: number, variant: number): string {
	const number = roll * 7 + variant;
	switch (kind) {
		case "ID":
			return `gid://shopify/Thing/${number}`;
		case "URL":
			return `https://example.com/${number}?q=%22`;
		case "Decimal":
			return `${number}.${variant}5`;
		case "DateTime":
		case "ISO8601DateTime":
			return `2026-0${1 + (number % 9)}-1${variant % 10}T12:00:00Z`;
		case "UnsignedInt64":
			return `${number}00000000000`;
		case "TypeName":
			return TYPE_NAMES[number % TYPE_NAMES.length] ?? "";
		default: {
			const text = STRINGS[number % STRINGS.length] ?? "";
			return number % 3 === 0 ? `${text}${number}` : text;
		}
	}
}

/** Writes the strings into their places, quoted in one way or another. */
export function writeStrings(text: string, places: readonly Place[], variant: number): string {
	return text.replaceAll(/\uE000(\d+)\uE001/g, (_, index) => {
		const place = places[Number(index)];
		if (!place) throw new Error(`no place ${index}`);
		const value = stringFor(place.kind, place.roll, variant);
		return (place.roll + variant) % 4 === 3 ? blockString(value) : quoted(value, place.roll + variant);
	});
}

function quoted(value: string, roll: number): string {
	const json = JSON.stringify(value);
	// JSON's escapes are GraphQL's, which has one more for characters beyond 16 bits.
	if (roll % 2 === 0) return json;
	return json.replaceAll(/é|🗝/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

function blockString(value: string): string {
	// Control characters have no escape in a block, and one may not end in a quote or a backslash of its own.
	const safe = value.replaceAll("\u0001", "").replaceAll('"""', '\\"""');
	return /["\\]$/.test(safe) ? `"""${safe}\n"""` : `"""${safe}"""`;
}
