// The mailbox of `latchkey dev`: what it keeps, and the page that shows it.
import assert from "node:assert/strict";
import test from "node:test";
import type { Mail } from "../../src/mail/mail.ts";
import { createMailbox } from "../../src/mail/mailbox.ts";
import { compose } from "../../src/mail/messages.ts";
import { MAILBOX_HEADERS, renderMailbox } from "../../src/pages/mailbox.ts";
import { ENGINES, openHouse, RECOVER, SIGN_UP } from "../house.ts";
import { LINK, message } from "./postbox.ts";

const MAIL = compose(message("reset"));

test("the mailbox keeps the newest thousand, newest first, until it is cleared", async () => {
	const mailbox = createMailbox();
	assert.deepEqual(mailbox.list(), []);
	for (let count = 1; count <= 1005; count++) await mailbox.send({ ...MAIL, subject: String(count) });
	assert.equal(mailbox.list().length, 1000);
	assert.equal(mailbox.list()[0]?.subject, "1005");
	assert.equal(mailbox.list().at(-1)?.subject, "6");
	mailbox.clear();
	assert.deepEqual(mailbox.list(), []);
	await mailbox.send(MAIL);
	assert.deepEqual(mailbox.list(), [MAIL]);
});

test("the page shows each mail with its link to click, its HTML in a frame that can do nothing, and its text", () => {
	const page = renderMailbox([MAIL]);
	assert.ok(page.includes("<strong>Reset your password at Northwind Tea</strong>"));
	assert.ok(page.includes("<dd>Northwind Tea &lt;hello@northwind.example&gt;</dd>"));
	assert.ok(page.includes("<dd>ada@example.com</dd>"));
	assert.ok(page.includes(`<a href="${LINK}" target="_blank" rel="noreferrer">${LINK}</a>`));
	assert.equal(page.match(/<iframe sandbox="" /g)?.length, 1);
	assert.ok(page.includes(`srcdoc="${escapeHtml(MAIL.html)}"`));
	assert.ok(page.includes(`<pre>${escapeHtml(MAIL.text)}</pre>`));
	assert.doesNotMatch(page, /<script/);
});

test("no mail reaches out of its frame", () => {
	const evil = `"></iframe><script>alert(1)</script><img src=x onerror=alert(1)>'`;
	const mail: Mail = {
		from: evil,
		to: evil,
		subject: evil,
		text: evil,
		html: evil,
		links: [evil, "javascript:alert(1)"],
	};
	const innocent: Mail = { from: "a", to: "a", subject: "a", text: "a", html: "a", links: ["a", "b"] };
	const markupOf = (page: string) =>
		(page.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/"[^"]*"/g, '""')).join("");
	assert.equal(markupOf(renderMailbox([mail])), markupOf(renderMailbox([innocent])));
	assert.doesNotMatch(renderMailbox([mail]), /href="javascript/);
});

test("an empty mailbox says so, and a full one shows the newest hundred", () => {
	assert.match(renderMailbox([]), /No mail yet/);
	const mails = Array.from({ length: 250 }, (_, index) => ({ ...MAIL, subject: `Mail ${index}` }));
	const page = renderMailbox(mails);
	assert.equal(page.match(/<iframe/g)?.length, 100);
	assert.ok(page.includes("<strong>Mail 99</strong>"));
	assert.ok(!page.includes("<strong>Mail 100</strong>"));
	assert.match(page, /150 older mails are not shown here/);
});

test("the page's policy lets no script run and no form be sent", () => {
	const [name, policy = ""] = MAILBOX_HEADERS;
	assert.equal(name, "Content-Security-Policy");
	assert.match(policy, /default-src 'none'/);
	assert.match(policy, /form-action 'none'/);
	assert.doesNotMatch(policy, /script-src/);
});

function escapeHtml(text: string): string {
	return text
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;")
		.replaceAll(">", "&gt;")
		.replaceAll('"', "&quot;")
		.replaceAll("'", "&#39;");
}

for (const engine of ENGINES) {
	test(`${engine}: the mailbox has the newest mail first, of one second too`, async () => {
		await using house = await openHouse(engine);
		for (let round = 0; round < 20; round++) {
			const email = `ada.${round}@example.com`;
			await house.ask(SIGN_UP, { input: { email, password: "correct horse" } });
			await house.ask(RECOVER, { email });
		}
		const mails = await house.mails();
		assert.deepEqual(
			mails.map(({ to, links: [link = ""] }) => `${link.includes("/reset/") ? "reset" : "welcome"} ${to}`),
			Array.from({ length: 20 }, (_, round) => `ada.${19 - round}@example.com`).flatMap((email) => [
				`reset ${email}`,
				`welcome ${email}`,
			]),
		);
	});
}
