// Each kind of message in each language: complete, in the shopper's words, and readable on any button.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { compose, MAIL_LANGUAGES } from "../../src/mail/messages.ts";
import { KINDS, LINK, message } from "./postbox.ts";

test("each kind of message, in each language, has all its parts and nothing left to fill in", () => {
	for (const language of MAIL_LANGUAGES) {
		const subjects = new Set<string>();
		for (const kind of KINDS) {
			const mail = compose(message(kind, { language }));
			const where = `${kind} ${language}`;
			const link = message(kind).url ?? "https://northwind.example";
			assert.equal(mail.from, "Northwind Tea <hello@northwind.example>");
			assert.equal(mail.to, "ada@example.com");
			assert.deepEqual(mail.links, [link]);
			assert.equal(mail.templateFault, null);
			subjects.add(mail.subject);
			assert.match(mail.subject, /Northwind Tea/, where);
			for (const part of [mail.subject, mail.text, mail.html]) {
				assert.doesNotMatch(part, /\{\{|\{%|\{\w+\}|\bundefined\b|\bnull\b|\[object/, where);
			}
			for (const part of [mail.text, mail.html]) {
				assert.ok(part.includes(link), where);
				assert.ok(part.includes("Ada"), where);
				assert.ok(part.includes("ada@example.com"), where);
			}
			assert.match(mail.html, new RegExp(`<html lang="${language.toLowerCase().replace("_br", "-BR")}">`));
			assert.equal(mail.html.match(/<h1 /g)?.length, 1);
			assert.ok(mail.html.includes(`class="button" href="${link}"`), where);
			assert.match(mail.html, /name="color-scheme" content="light dark"/);
			assert.match(mail.html, /max-width:560px/);
			assert.doesNotMatch(
				mail.html,
				/<script|<img|<link|src=|@import|url\(/,
				"a mail asks no host for anything",
			);
			assert.ok(mail.html.length < 20_000, "mail programs cut long mails off");
		}
		assert.equal(subjects.size, KINDS.length, language);
	}
});

test("a link is there only where the message has one, and then also as text to copy", () => {
	for (const kind of KINDS) {
		const { html, text } = compose(message(kind));
		const hasLink = kind === "activation" || kind === "reset";
		assert.equal(html.includes(`>${LINK}</a>`), hasLink, kind);
		assert.equal(text.includes(LINK), hasLink, kind);
		assert.equal(html.includes("copy this link"), hasLink, kind);
		assert.equal(text.includes("can be used once"), hasLink, kind);
	}
});

test("a link with an ampersand stays one link", () => {
	const url = "https://shop.example/reset?id=1&token=a'b\"c";
	const { html, text, links } = compose(message("reset", { url }));
	assert.ok(html.includes('href="https://shop.example/reset?id=1&amp;token=a&#39;b&quot;c"'));
	assert.ok(text.includes(url));
	assert.deepEqual(links, [url]);
});

test("how long a link works is said as people of the language say it", () => {
	const said: readonly (readonly [string, number, string])[] = [
		["EN", 1, "works for 1 minute and"],
		["EN", 60, "works for 60 minutes and"],
		["EN", 90, "works for 90 minutes and"],
		["EN", 120, "works for 2 hours and"],
		["EN", 150, "works for 2 hours, 30 minutes and"],
		["EN", 1440, "works for 24 hours and"],
		["EN", 43_200, "works for 30 days and"],
		["EN", 43_260, "works for 30 days, 1 hour and"],
		["DE", 60, "Der Link gilt 60 Minuten und"],
		["DE", 43_200, "Der Link gilt 30 Tage und"],
		["FR", 43_200, "valable 30\u00a0jours et"],
		["ES", 60, "durante 60 minutos y"],
		["IT", 43_200, "per 30 giorni e"],
		["NL", 120, "is 2 uur geldig"],
		["PT_BR", 60, "por 60 minutos e"],
		["JA", 60, "有効期間は 60 分で"],
	];
	for (const [language, lifetimeMinutes, words] of said) {
		const { text } = compose(message("reset", { language, lifetimeMinutes }));
		assert.ok(text.replaceAll("\u202f", "\u00a0").includes(words), `${words}: ${text}`);
	}
});

test("a shopper is greeted by name in the language's own way, and without a name politely", () => {
	const greeted = (language: string, firstName: string | null, lastName: string | null) =>
		compose(
			message("welcome", { language, customer: { email: "a@example.com", firstName, lastName } }),
		).text.split("\n", 1)[0];
	assert.equal(greeted("EN", "Ada", "Lovelace"), "Hello Ada,");
	assert.equal(greeted("EN", null, "Lovelace"), "Hello,");
	assert.equal(greeted("DE", "Ada", "Lovelace"), "Guten Tag Ada Lovelace,");
	assert.equal(greeted("DE", "Ada", null), "Guten Tag Ada,");
	assert.equal(greeted("FR", "Ada", "Lovelace"), "Bonjour Ada,");
	assert.equal(greeted("JA", "花子", "山田"), "山田 花子 様");
	assert.equal(greeted("JA", null, null), "お客様");
	assert.equal(greeted("PT_BR", "João", null), "Olá, João!");
});

test("a name that is somebody's advertisement is not said in the shop's name", () => {
	for (const firstName of [
		"win-a-prize.example",
		"Visit evil.example now",
		"a/b",
		"me@evil.example",
		"Your account is locked, call us now and have your card ready at hand",
	]) {
		const customer = { email: "ada@example.com", firstName, lastName: null };
		const { html, text } = compose(message("welcome", { customer }));
		assert.match(text, /^Hello,\n/);
		assert.ok(!html.includes(firstName));
	}
	for (const firstName of ["J. R.", "Mary-Jane", "O'Brien", "José", "Зоя", "😀", "李"]) {
		const customer = { email: "ada@example.com", firstName, lastName: null };
		assert.ok(compose(message("welcome", { customer })).text.startsWith(`Hello ${firstName},`));
	}
});

test("a language that we do not have is English", () => {
	assert.equal(compose(message("welcome", { language: "SV" })).subject, "Welcome to Northwind Tea");
	assert.equal(
		compose(message("welcome", { language: "PT_PT" })).subject,
		"Que bom ter você em Northwind Tea",
	);
});

test("a sender's own name stays, and a shop without a name gives none", () => {
	assert.equal(compose(message("welcome", { from: "Ada's <a@b.example>" })).from, "Ada's <a@b.example>");
	const shop = { name: " ", url: "https://northwind.example", accentColor: "#000" };
	assert.equal(compose(message("welcome", { shop })).from, "hello@northwind.example");
});

test("text on a button can be read, and the button seen, whatever the accent colour", () => {
	const color = fc
		.integer({ min: 0, max: 0xffffff })
		.map((value) => `#${value.toString(16).padStart(6, "0")}`);
	fc.assert(
		fc.property(color, (accentColor) => {
			const shop = { name: "Shop", url: "https://shop.example", accentColor };
			const { html } = compose(message("welcome", { shop }));
			const style = /class="button"[^>]*style="([^"]*)"/.exec(html)?.[1] ?? "";
			const [, back = "", light = "", ink = ""] =
				/background-color:(#\w{6});border:1px solid (#\w{6});.*;color:(#\w{6});/.exec(style) ?? [];
			const dark = /\.button \{ border-color: (#\w{6})/.exec(html)?.[1] ?? "";
			assert.equal(back, accentColor);
			assert.ok(contrast(ink, back) >= 4.5, `${ink} on ${back}`);
			assert.ok(contrast(light, "#ffffff") >= 1.5, `${light} on white`);
			assert.ok(contrast(dark, "#1b1f23") >= 1.5, `${dark} on dark`);
		}),
		{ examples: [["#000000"], ["#ffffff"], ["#1b1f23"], ["#767676"], ["#ffff00"]] },
	);
});

test("an accent colour that is none cannot write styles", () => {
	for (const accentColor of [
		"",
		"red",
		"#12",
		"#12345",
		"#000;} body{display:none",
		'url("https://evil.example")',
		"#00000g",
	]) {
		const shop = { name: "Shop", url: "https://shop.example", accentColor };
		const { html } = compose(message("welcome", { shop }));
		assert.ok(html.includes("background-color:#22262b;"));
		assert.doesNotMatch(html, /evil|display:none\}/);
	}
	const shop = { name: "Shop", url: "https://shop.example", accentColor: "#AbC" };
	assert.ok(compose(message("welcome", { shop })).html.includes("background-color:#aabbcc;"));
});

/** By WCAG 2's words, apart from the code that chooses the colours. */
function contrast(one: string, other: string): number {
	const [dark = 0, light = 0] = [one, other]
		.map((hex) => {
			const value = Number.parseInt(hex.slice(1), 16);
			const linear = [value >> 16, (value >> 8) & 255, value & 255].map((channel) => {
				const part = channel / 255;
				return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
			});
			return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
		})
		.sort((a, b) => a - b);
	return (light + 0.05) / (dark + 0.05);
}
