// Which language a mail speaks, and that every language says everything.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import fc from "fast-check";
import { chooseLanguage, compose, MAIL_LANGUAGES, parseAcceptLanguage } from "../../src/mail/messages.ts";
import { KINDS, message } from "./postbox.ts";

const WORDS = join(import.meta.dirname, "../../src/mail/words");

/** Path of keys → text, of one file of words. */
function readTexts(file: string): ReadonlyMap<string, string> {
	const texts = new Map<string, string>();
	const walk = (value: unknown, path: string) => {
		if (typeof value === "string") texts.set(path, value);
		else if (path !== "nameParts") {
			for (const [key, member] of Object.entries(value as object))
				walk(member, path ? `${path}.${key}` : key);
		}
	};
	walk(JSON.parse(readFileSync(join(WORDS, file), "utf8")), "");
	return texts;
}

function placeholdersOf(text: string | undefined): readonly string[] {
	return [...(text ?? "").matchAll(/\{\w+\}/g)].map(String).sort();
}

test("every language has the same texts with the same placeholders, and each text is its own", () => {
	const files = readdirSync(WORDS);
	assert.equal(files.length, MAIL_LANGUAGES.length);
	const english = readTexts("en.json");
	for (const file of files) {
		const texts = readTexts(file);
		assert.deepEqual([...texts.keys()].sort(), [...english.keys()].sort(), file);
		for (const [path, text] of texts) {
			assert.deepEqual(placeholdersOf(text), placeholdersOf(english.get(path)), `${file} ${path}`);
			assert.equal(text, text.trim(), `${file} ${path}`);
			if (file !== "en.json") assert.notEqual(text, english.get(path), `${file} ${path} is still English`);
		}
	}
});

test("every text is used in some message, filled in", () => {
	const values: Readonly<Record<string, string>> = {
		shop: "Northwind Tea",
		email: "ada@example.com",
		newEmail: "lovelace@example.org",
	};
	for (const language of MAIL_LANGUAGES) {
		const customer = { email: "ada@example.com", firstName: null, lastName: null };
		const mails = KINDS.flatMap((kind) => [
			compose(message(kind, { language })),
			compose(message(kind, { language, customer })),
		]);
		const all = mails.map(({ subject, text, html }) => `${subject}\n${text}\n${html}`).join("\n");
		for (const [path, text] of readTexts(`${language.toLowerCase().replace("_", "-")}.json`)) {
			// The name and the lifetime are said in each language's own way: what stands around them is looked for.
			for (const piece of text.split(/\{(?:name|lifetime)\}/)) {
				const filled = piece.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? "");
				assert.ok(all.includes(filled), `${language} ${path}: ${filled}`);
			}
		}
	}
});

test("the first language that we have is taken, then another region of it, then English", () => {
	assert.deepEqual(MAIL_LANGUAGES, ["EN", "DE", "FR", "ES", "IT", "NL", "PT_BR", "JA"]);
	const choices: readonly (readonly [readonly (string | null)[], string])[] = [
		[["DE"], "DE"],
		[["PT_BR"], "PT_BR"],
		[["pt-BR"], "PT_BR"],
		[["PT"], "PT_BR"],
		[["pt-PT"], "PT_BR"],
		[["FR_CA"], "FR"],
		[["fr-ca"], "FR"],
		[["de-Latn-CH-1996"], "DE"],
		[["ZH_CN", "ja"], "JA"],
		[[null, "nl-BE", "DE"], "NL"],
		[["EN", "DE"], "EN"],
		[["FRX", "D", "", "_", "-", "*"], "EN"],
		[["__proto__", "constructor"], "EN"],
		[[], "EN"],
	];
	for (const [candidates, language] of choices) assert.equal(chooseLanguage(candidates), language);
});

test("whatever is asked for, one of ours is chosen", () => {
	fc.assert(
		fc.property(fc.array(fc.option(fc.string({ unit: "binary" }))), (candidates) => {
			assert.ok(MAIL_LANGUAGES.includes(chooseLanguage(candidates)));
		}),
	);
	fc.assert(
		fc.property(
			fc.array(fc.constantFrom("ZH", "ko-KR", null, "*")),
			fc.constantFrom(...MAIL_LANGUAGES),
			(other, ours) => {
				assert.equal(chooseLanguage([...other, ours, "EN"]), ours);
			},
		),
	);
});

test("a browser's languages are read by their quality", () => {
	const headers: readonly (readonly [string, readonly string[]])[] = [
		["de", ["de"]],
		["fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", ["fr-CH", "fr", "en", "de"]],
		["en;q=0.1, de;q=1.000, fr;q=0.5", ["de", "fr", "en"]],
		["a;q=0.5,b;q=0.5,c;q=0.5", ["a", "b", "c"]],
		["de;q=0, fr;q=0.000, en;q=0.001", ["en"]],
		[" de ; q=0.5 ,, ,fr ", ["fr", "de"]],
		["de;q=2, fr;q=-1, en;q=x, it;q=0.1234, nl;v=1, es;q=0.5;q=1", []],
		["<script>, de\u0000, ../etc, fr_CA, abcdefghi", []],
		["", []],
	];
	for (const [header, tags] of headers) assert.deepEqual(parseAcceptLanguage(header), tags, header);
});

test("a header that keeps to the grammar gives its tags back, best first", () => {
	const entry = fc.record({
		tag: fc.constantFrom("de", "fr-CA", "pt-BR", "zh-Hant-TW"),
		weight: fc.integer({ min: 1, max: 999 }),
	});
	fc.assert(
		fc.property(fc.array(entry, { maxLength: 30 }), (entries) => {
			const header = entries
				.map(({ tag, weight }) => `${tag};q=0.${String(weight).padStart(3, "0")}`)
				.join(", ");
			const best = entries.toSorted((one, other) => other.weight - one.weight).slice(0, 10);
			assert.deepEqual(
				parseAcceptLanguage(header),
				best.map(({ tag }) => tag),
			);
		}),
	);
});

test("64 KiB of anything cost next to nothing and give at most ten tags", () => {
	const pieces = [
		"de,",
		",",
		";",
		" ",
		"\t",
		"q=",
		"de;q=0.5,",
		"a-",
		"-",
		"de;",
		"a",
		"de; q=0.",
		"=",
		"1",
		"\u0000",
		"é",
	];
	for (const piece of pieces) {
		const header = piece.repeat(Math.ceil(65_536 / piece.length));
		const start = process.cpuUsage();
		assert.ok(parseAcceptLanguage(header).length <= 10);
		assert.ok(parseAcceptLanguage(`de${header}`).length <= 10);
		const { user, system } = process.cpuUsage(start);
		assert.ok(user + system < 50_000, `${JSON.stringify(piece)} took ${user + system} µs`);
	}
	fc.assert(
		fc.property(
			fc.string({ unit: fc.constantFrom("d", "-", ",", ";", "q", "=", "0", ".", "1", " ", "*") }),
			(header) => {
				const tags = parseAcceptLanguage(header);
				assert.ok(tags.length <= 10);
				for (const tag of tags) assert.match(tag, /^[a-z\d-]+$/);
			},
		),
	);
});
