// The forms in which a secret could lie somewhere, and the search for them all.

/** What a secret would look like as bytes, by the name of its form. Short of encryption, nothing hides from this. */
export function formsOf(secret: string): ReadonlyMap<string, Buffer> {
	const forms = new Map<string, Buffer>();
	const texts = { typed: secret, normalized: secret.normalize("NFKC"), decomposed: secret.normalize("NFD") };
	for (const [how, text] of Object.entries(texts)) {
		const add = (form: string, value: string, encoding: BufferEncoding = "utf8") =>
			forms.set(`${how}, ${form}`, Buffer.from(value, encoding));
		const bytes = Buffer.from(text);
		add("plain", text);
		add("UTF-16", text, "utf16le");
		add("lower case", text.toLowerCase());
		add("upper case", text.toUpperCase());
		add("reversed", [...text].reverse().join(""));
		add("reversed bytes", Buffer.from(bytes).reverse().toString("latin1"), "latin1");
		add("hex", bytes.toString("hex"));
		add("HEX", bytes.toString("hex").toUpperCase());
		for (const before of [0, 1, 2]) {
			const base64 = base64Inside(bytes, before);
			add(`base64 after ${before}`, base64);
			add(`base64url after ${before}`, base64.replaceAll("+", "-").replaceAll("/", "_"));
		}
		add("URL-encoded", encodeURIComponent(text.toWellFormed()));
		add("JSON", JSON.stringify(text).slice(1, -1));
		add(
			"ASCII JSON",
			text.replace(/[^ -~]/g, (unit) => `\\u${hexOf(unit)}`),
		);
		add("read as Latin-1", bytes.toString("latin1"));
	}
	return forms;
}

/** The characters that bytes have in common with the base64 of any text that holds them after so many bytes. */
function base64Inside(bytes: Buffer, before: number): string {
	const padded = Buffer.concat([Buffer.alloc(before), bytes]);
	const text = padded.toString("base64").replaceAll("=", "");
	return text.slice(before === 0 ? 0 : before + 1, padded.length % 3 === 0 ? undefined : -1);
}

function hexOf(unit: string): string {
	return unit.charCodeAt(0).toString(16).padStart(4, "0");
}

export interface Sighting {
	readonly name: string;
	readonly form: string;
}

/** Every secret that lies in the bytes, each in the first form that it was found in. */
export function findSecrets(secrets: ReadonlyMap<string, string>, bytes: Buffer): readonly Sighting[] {
	const sightings: Sighting[] = [];
	for (const [name, secret] of secrets) {
		const found = [...formsOf(secret)].find(([, form]) => bytes.includes(form));
		if (found) sightings.push({ name, form: found[0] });
	}
	return sightings;
}
