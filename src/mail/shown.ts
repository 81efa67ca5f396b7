// What people typed, as it may be shown in a mail. Names come from strangers, and a mail carries the shop's name to
// whatever address the stranger gave: none of them may bend its lines or speak in its place.

/** In one line, without control characters and without those that turn the direction of the text around them. */
export function toLine(text: string): string {
	return text
		.toWellFormed()
		.replace(/[\u202a-\u202e\u2066-\u2069]/g, "")
		.replace(/[\s\p{Cc}\u2028\u2029]+/gu, " ")
		.trim();
}

/** Cut to so many characters, never within one. */
export function cut(text: string, maxCharacters: number): string {
	const characters = [...text];
	return characters.length > maxCharacters ? characters.slice(0, maxCharacters).join("") : text;
}

const MAX_GREETED = 60;

/**
 * Whether a mail may greet somebody with it. A name that is long, or that a mail program would make a link of, is
 * somebody's advertisement in the shop's mail; the greeting then goes without.
 */
export function isGreetable(name: string): boolean {
	return name !== "" && name.length <= MAX_GREETED && !/[/\\:@<>]|\.\p{L}{2}/u.test(name);
}
