// Which language a mail speaks: the words of each, and the choice among what a shopper, a browser and a shop ask for.
import de from "./words/de.json" with { type: "json" };
import en from "./words/en.json" with { type: "json" };
import es from "./words/es.json" with { type: "json" };
import fr from "./words/fr.json" with { type: "json" };
import it from "./words/it.json" with { type: "json" };
import ja from "./words/ja.json" with { type: "json" };
import nl from "./words/nl.json" with { type: "json" };
import ptBr from "./words/pt-br.json" with { type: "json" };

/** Every text of our messages in one language. `{shop}` and the like are filled in by messages.ts. */
export type Words = typeof en;

/** As the API names the language → its words. */
const WORDS: Readonly<Record<string, Words>> = {
	EN: en,
	DE: de,
	FR: fr,
	ES: es,
	IT: it,
	NL: nl,
	PT_BR: ptBr,
	JA: ja,
};

const FALLBACK = "EN";

export const MAIL_LANGUAGES: readonly string[] = Object.keys(WORDS);

export function wordsOf(language: string): Words {
	return WORDS[chooseLanguage([language])] ?? en;
}

/**
 * The first candidate that we have, written as the API does (`PT_BR`) or as a browser does (`pt-BR`). Where its region
 * is missing, another of the same language is taken: `FR_CA` is FR, `PT` is PT_BR.
 */
export function chooseLanguage(candidates: readonly (string | null)[]): string {
	for (const candidate of candidates) {
		const asked = candidate?.replaceAll("-", "_").toUpperCase() ?? "";
		const found =
			MAIL_LANGUAGES.find((language) => language === asked) ??
			MAIL_LANGUAGES.find((language) => baseOf(language) === baseOf(asked));
		if (found) return found;
	}
	return FALLBACK;
}

function baseOf(language: string): string {
	return language.split("_", 1)[0] ?? "";
}

const MAX_READ_TAGS = 50;
const MAX_TAGS = 10;

/** The language tags of an `Accept-Language` header, the most wanted first; at most 10 of its first 50. */
export function parseAcceptLanguage(header: string): readonly string[] {
	const wanted: { readonly tag: string; readonly quality: number }[] = [];
	for (const entry of header.split(",", MAX_READ_TAGS)) {
		const [tag = "", weight = "q=1", ...more] = entry.split(";", 3).map((part) => part.trim());
		const quality = /^[Qq]\s?=\s?(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.exec(weight)?.[1];
		if (!/^[a-z]{1,8}(?:-[a-z\d]{1,8}){0,7}$/i.test(tag) || !quality || more.length > 0) continue;
		if (Number(quality) > 0) wanted.push({ tag, quality: Number(quality) });
	}
	return wanted
		.sort((one, other) => other.quality - one.quality)
		.slice(0, MAX_TAGS)
		.map(({ tag }) => tag);
}
