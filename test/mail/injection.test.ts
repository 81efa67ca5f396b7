// Names, shops and addresses made to reach further than they should: read back from what a real SMTP server was given.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { simpleParser } from "mailparser";
import { type Mail, Undeliverable } from "../../src/mail/mail.ts";
import { compose, MAIL_LANGUAGES } from "../../src/mail/messages.ts";
import { openSmtp } from "../../src/mail/smtp.ts";
import { KINDS, message, openPostbox } from "./postbox.ts";

const HOSTILE = [
	"<img src=x onerror=alert(1)>",
	"</title></style><script>alert(1)</script>",
	"Ada\r\nBcc: eve@evil.example",
	"Ada\nBcc: eve@evil.example\n\n<b>body</b>",
	"Ada\r\n\r\n.\r\nRCPT TO:<eve@evil.example>",
	"Ada\u0000\u0008\u001b\u0085\u2028\u2029Bcc: eve@evil.example",
	'"><a href="https://evil.example">',
	"' onmouseover='alert(1)",
	"Ada <eve@evil.example>, Eve",
	"=?UTF-8?B?QmNjOiBldmVAZXZpbC5leGFtcGxl?=",
	"=?UTF-8?Q?=0D=0ABcc:_eve@evil.example?=",
	"\u202eada\u202c \u2066x\u2069",
	"\u200f\u05d0\u05d3\u05d4\u200e",
	"{{ shop.url }}{% include 'x' %}{shop}{email}",
	"&lt;b&gt; &amp; &#60;img&#62;",
	"\ufdd1img src=x\ufdd2 \ufdd0lt;",
	"$& $1 $` \\0 \\r\\nBcc: eve@evil.example",
	"\ud800Ada\udc00",
	"👩‍🚀 Ada 🚀",
	"x".repeat(255),
	"🚀".repeat(255),
	`${"a".repeat(250)}\r\nBcc: eve@evil.example`,
];

const HEADERS = [
	"auto-submitted",
	"content-type",
	"date",
	"from",
	"message-id",
	"mime-version",
	"subject",
	"to",
];

/** Everything between angle brackets: what makes an element or an attribute, and none of the text. */
function markupOf(html: string): string {
	return (html.match(/<[^>]*>/g) ?? []).join("");
}

/** A server, one mailer to it, and what arrives as a mail program reads it. */
async function openReader() {
	const box = await openPostbox();
	const mailer = openSmtp(box.url);
	return {
		box,
		mailer,
		sendAndRead: async (mail: Mail) => {
			await mailer.send(mail);
			const received = box.received.at(-1);
			assert.ok(received);
			return { ...received, mail: await simpleParser(received.raw) };
		},
		[Symbol.asyncDispose]: async () => {
			mailer.close();
			await box.close();
		},
	};
}

test("no name adds a recipient, a header or an element", async () => {
	await using reader = await openReader();
	for (const [index, name] of HOSTILE.entries()) {
		const kind = KINDS[index % KINDS.length] ?? "reset";
		const language = MAIL_LANGUAGES[index % MAIL_LANGUAGES.length] ?? "EN";
		const customer = { email: "ada@example.com", firstName: name, lastName: name };
		const composed = compose(message(kind, { language, customer }));
		const { recipients, sender, mail } = await reader.sendAndRead(composed);
		assert.deepEqual(recipients, ["ada@example.com"], name);
		assert.equal(sender, "hello@northwind.example", name);
		assert.deepEqual(mail.headerLines.map(({ key }) => key).sort(), HEADERS, name);
		assert.equal(mail.subject, composed.subject);
		assert.equal(markupOf(String(mail.html)), markupOf(compose(message(kind, { language })).html), name);
		assert.doesNotMatch(composed.text, /[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029](?<!\n)/u, name);
		assert.equal(mail.text?.trim(), composed.text.trim());
	}
	assert.equal(reader.box.received.length, HOSTILE.length);
});

test("no name of a shop adds a recipient, a header or an element, and the subject stays one line", async () => {
	await using reader = await openReader();
	for (const name of HOSTILE) {
		const shop = { name, url: "https://northwind.example", accentColor: "#0a5e63" };
		const composed = compose(message("welcome", { shop }));
		assert.ok([...composed.subject].length <= 255);
		assert.doesNotMatch(composed.subject, /[\p{Cc}\u2028\u2029]/u);
		const { recipients, sender, mail } = await reader.sendAndRead(composed);
		assert.deepEqual(recipients, ["ada@example.com"], name);
		assert.equal(sender, "hello@northwind.example", name);
		assert.deepEqual(mail.headerLines.map(({ key }) => key).sort(), HEADERS, name);
		assert.deepEqual(
			mail.from?.value.map(({ address }) => address),
			["hello@northwind.example"],
			name,
		);
		assert.doesNotMatch(mail.from?.value[0]?.name ?? "", /[\p{Cc}\u2028\u2029]/u, name);
		assert.equal(markupOf(String(mail.html)), markupOf(compose(message("welcome")).html), name);
	}
});

test("whatever people call themselves, the markup of a mail is ours", () => {
	const text = fc.oneof(
		fc.string({ unit: "binary" }),
		fc.string({ unit: fc.constantFrom(..."<>&\"'{}%=/ \r\nab;#") }),
	);
	fc.assert(
		fc.property(
			fc.constantFrom(...KINDS),
			fc.constantFrom(...MAIL_LANGUAGES),
			text,
			text,
			(kind, language, one, other) => {
				const customer = { email: "ada@example.com", firstName: one, lastName: other };
				const shop = { name: other, url: "https://northwind.example", accentColor: one };
				const mail = compose(message(kind, { language, customer, shop }));
				const innocent = compose(
					message(kind, { language, shop: { ...shop, name: "Shop", accentColor: "" } }),
				);
				const withoutColors = (html: string) => markupOf(html).replace(/#[\da-f]{6}/g, "#");
				assert.equal(withoutColors(mail.html), withoutColors(innocent.html));
				assert.match(mail.subject, /^[^\p{Cc}\u2028\u2029]{0,510}$/u);
				assert.equal(mail.text.split("\n").length, innocent.text.split("\n").length);
				assert.deepEqual(mail.links, innocent.links);
			},
		),
	);
});

test("a header in a finished mail is one line, whoever made it", async () => {
	await using reader = await openReader();
	const innocent = compose(message("reset"));
	for (const name of HOSTILE) {
		const { recipients, mail } = await reader.sendAndRead({ ...innocent, subject: `Hello ${name}` });
		assert.deepEqual(recipients, ["ada@example.com"], name);
		assert.doesNotMatch(mail.subject ?? "", /[\p{Cc}\u2028\u2029]/u, name);
		assert.deepEqual(mail.headerLines.map(({ key }) => key).sort(), HEADERS, name);
	}
});

test("an address that is more than an address is refused for good, and nothing is sent", async () => {
	await using reader = await openReader();
	const { box, mailer } = reader;
	const innocent = compose(message("reset"));
	for (const to of [
		"",
		"ada",
		"@example.com",
		"ada@",
		"ada@example.com,eve@evil.example",
		"ada@example.com;eve@evil.example",
		"ada@example.com eve@evil.example",
		"Ada <ada@example.com>",
		"<ada@example.com>",
		"ada@example.com\r\nRCPT TO:<eve@evil.example>",
		"ada@example.com\u0000",
		"ada@example.com> SIZE=1",
		'"eve@evil.example x"@example.com',
		'"ada"@example.com',
		"ada(eve@evil.example)@example.com",
		"ada@example.com(comment)",
		"group:eve@evil.example;",
		"@evil.example:ada@example.com",
		"eve@evil.example@example.com",
		"ada@[127.0.0.1]",
		"ada@example.com/evil.example",
		"ada@example.com%0d",
		"ada@exa\u00admple.com",
		"ada\u202e@example.com",
		".ada@example.com",
		"a..da@example.com",
		"ada\ud800@example.com",
		`${"a".repeat(320)}@example.com`,
	]) {
		await assert.rejects(mailer.send({ ...innocent, to }), { name: "Undeliverable", permanent: true }, to);
	}
	for (const from of [
		"",
		"northwind",
		"Northwind <a@b.example>, <c@d.example>x",
		"A\r\nBcc: x@y.example <a@b.example>",
	]) {
		await assert.rejects(
			mailer.send({ ...innocent, from }),
			{ name: "Undeliverable", permanent: false },
			from,
		);
	}
	assert.equal(box.connections(), 0);
});

test("an address of other letters is one recipient, its domain written as the network knows it", async () => {
	await using reader = await openReader();
	for (const [to, written] of [
		["ada@b\u00fccher.example", "ada@xn--bcher-kva.example"],
		["ada@B\u00dcCHER.Example", "ada@xn--bcher-kva.example"],
		["ada@EXAMPLE.com", "ada@example.com"],
		["ada+shop@example.com", "ada+shop@example.com"],
		["o'brien@example.com", "o'brien@example.com"],
		["Ada.Lovelace@example.com", "Ada.Lovelace@example.com"],
		["zo\u00eb@caf\u00e9.example", "zo\u00eb@caf\u00e9.example"],
		["a!#$%&*/=?^_`{|}~-@example.com", "a!#$%&*/=?^_`{|}~-@example.com"],
	] as const) {
		const { recipients, raw } = await reader.sendAndRead({ ...compose(message("reset")), to });
		assert.equal(recipients.length, 1);
		assert.equal(sameAddress(recipients[0] ?? ""), sameAddress(to));
		assert.ok(raw.includes(`\r\nTo: ${written}\r\n`), raw.slice(0, 300));
	}
});

test("whatever stands for an address, there is one recipient, equal to it, or none", async () => {
	await using reader = await openReader();
	const { box, mailer } = reader;
	const innocent = compose(message("welcome"));
	const piece = fc.constantFrom(
		"ada",
		"eve",
		"@",
		"@",
		".",
		"example",
		"com",
		",",
		";",
		"<",
		">",
		'"',
		"(",
		")",
		":",
		" ",
		"\r\n",
		"\\",
		"\u00e9",
		"\u3002",
		"%",
		"[",
		"]",
		"\t",
	);
	const address = fc.oneof(
		fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join("")),
		fc.array(piece, { maxLength: 4 }).map((pieces) => `${pieces.join("")}@example.com`),
		fc.emailAddress(),
	);
	let sent = 0;
	await fc.assert(
		fc.asyncProperty(address, async (to) => {
			const before = box.received.length;
			try {
				await mailer.send({ ...innocent, to });
			} catch (error) {
				assert.ok(error instanceof Undeliverable);
				assert.equal(box.received.length, before);
				return;
			}
			sent++;
			const recipients = box.received.slice(before).flatMap((received) => received.recipients);
			assert.equal(recipients.length, 1);
			assert.equal(sameAddress(recipients[0] ?? ""), sameAddress(to));
		}),
		{ numRuns: 300 },
	);
	assert.ok(sent >= 30, `only ${sent} were sent`);
});

/** The domain in the one form that the network compares; the rest as it is. */
function sameAddress(address: string): string {
	const at = address.lastIndexOf("@");
	return `${address.slice(0, at)}@${new URL(`http://${address.slice(at + 1)}`).hostname}`;
}
