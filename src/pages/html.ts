// HTML as a value. Text that is put into a template is escaped there, so that no page can forget it: subjects of
// mails and names of people come from strangers.

/** A piece of finished HTML. Made by `html` only. */
export class Html {
	readonly text: string;

	constructor(text: string) {
		this.text = text;
	}
}

/** What a template takes: lists are put one after the other; null, undefined and false are left out. */
export type Part = Html | string | number | null | undefined | false | readonly Part[];

/** A template in which everything but `Html` is text: for an element's content or a value in double quotes. */
export function html(pieces: TemplateStringsArray, ...parts: readonly Part[]): Html {
	let text = pieces[0] ?? "";
	parts.forEach((part, index) => {
		text += toText(part) + (pieces[index + 1] ?? "");
	});
	return new Html(text);
}

function toText(part: Part): string {
	if (part === null || part === undefined || part === false) return "";
	if (part instanceof Html) return part.text;
	if (Array.isArray(part)) return part.map(toText).join("");
	return String(part).replace(/[&<>"']/g, (character) => ESCAPED[character] as string);
}

const ESCAPED: Readonly<Record<string, string>> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&#39;",
};
