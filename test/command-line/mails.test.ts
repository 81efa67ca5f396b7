// Mails that wait, tried again at the operator's word, and a shop's own templates.
import assert from "node:assert/strict";
import test from "node:test";
import { RECOVER } from "../house.ts";
import { EMAIL } from "../recovery/links.ts";
import { type Line, openLine } from "./line.ts";

async function refusal(line: Line, command: string): Promise<string> {
	const { code, out, notes } = await line.run(command);
	assert.deepEqual([code, out], [1, ""], command);
	return notes;
}

/** A mail that was given up, put into the outbox as the server leaves one there. */
async function giveUp(line: Line, email: string): Promise<string> {
	const { id } = await line.json(`customer create --email ${email} --invite`);
	await line.house.mails();
	const insert = `INSERT INTO outbox SELECT c.id + 1, c.shop_id, c.id, 'activation', c.email, 'FR', 11, NULL, c.created_at, 1
		FROM customers c WHERE c.id = ?`;
	await line.house.app.store.change({ sql: insert }, [Number(id)]);
	return String(Number(id) + 1);
}

test("mails that were given up are listed, and sent at the operator's word", async () => {
	await using line = await openLine();
	const { house } = line;
	assert.deepEqual(await line.json("mail list"), []);
	const [one, other] = [await giveUp(line, EMAIL), await giveUp(line, "grace@example.com")];
	const sent = (await house.mails()).length;
	const listed = await line.json("mail list");
	const mail = listed.find(({ id }: { id: string }) => id === one);
	assert.match(mail.createdAt, /Z$/);
	assert.deepEqual(mail, {
		id: one,
		customerId: String(Number(one) - 1),
		kind: "activation",
		recipient: EMAIL,
		language: "FR",
		attempts: 11,
		nextAttemptAt: null,
		createdAt: mail.createdAt,
	});
	assert.match(
		(await line.run("mail list")).out,
		new RegExp(`^${one} +activation +${EMAIL} +FR +11 +given up +\\S+Z$`, "m"),
	);

	assert.deepEqual(await line.json(`mail retry ${one}`), { due: 1 });
	const [newest] = await house.mails();
	assert.equal(newest?.to, EMAIL);
	assert.match(String(newest?.subject), /compte/);
	assert.equal((await house.mails()).length, sent + 1);
	assert.deepEqual(await line.json("mail retry --all"), { due: 1 });
	assert.equal((await house.mails())[0]?.to, "grace@example.com");
	assert.equal((await line.run("mail list")).notes, "No mail waits.");

	assert.equal(await refusal(line, `mail retry ${other}`), `No mail with the id ${other} waits in Latchkey.`);
	assert.equal(await refusal(line, "mail retry"), "Give the id of one mail, or --all.");
	assert.equal(await refusal(line, `mail retry ${other} --all`), "Give the id of one mail, or --all.");
});

test("a shop's own template takes the place of our words, for one language or the rest, until it is removed", async () => {
	await using line = await openLine();
	const { house } = line;
	await house.signedIn();
	const recover = async (language: string) => {
		await house.ask(RECOVER, { email: EMAIL }, { headers: { "Accept-Language": language } });
		return (await house.mails())[0]?.subject;
	};
	const ours = await recover("de");
	const html = line.file("reset.html", '<a href="{{ customer.reset_password_url }}">{{ shop.name }}</a>');
	await line.json(`mail template set reset --subject "Reset at {{ shop.name }}" --html-file ${html}`);
	await line.json(`mail template set reset --language DE --subject Neu --html-file ${html}`);
	assert.equal(await recover("de"), "Neu");
	assert.equal(await recover("fr"), "Reset at Latchkey");
	const templates = await line.json("mail template list");
	assert.deepEqual(
		templates.map(({ kind, language }: Record<string, string>) => [kind, language]),
		[
			["reset", null],
			["reset", "DE"],
		],
	);
	assert.equal((await line.json("mail template show reset --language DE")).subject, "Neu");
	assert.match((await line.run("mail template show reset")).out, /^subject +Reset at .+\n\n<a href=/);
	const removed = await line.json("mail template remove reset --language DE");
	assert.deepEqual(removed, { removed: { kind: "reset", language: "DE" } });
	assert.equal(await recover("de"), "Reset at Latchkey");
	await line.json("mail template remove reset");
	assert.equal(await recover("de"), ours);
	assert.equal(await refusal(line, "mail template remove reset"), "The shop has no template for reset.");
	assert.equal(
		await refusal(line, "mail template show reset --language DE"),
		"The shop has no template for reset in DE.",
	);
});

test("a template that cannot be used is refused with its line, and the one before stays", async () => {
	await using line = await openLine();
	const good = line.file("good.html", "{{ customer.reset_password_url }}");
	await line.json(`mail template set reset --subject Reset --html-file ${good}`);
	const bad = line.file("bad.html", "<p>\n{% if shop %}\n</p>");
	const notes = await refusal(line, `mail template set reset --subject Reset --html-file ${bad}`);
	assert.match(notes, /^The HTML part cannot be used: line 2, /);
	assert.equal((await line.json("mail template show reset")).html, "{{ customer.reset_password_url }}");
	assert.match(
		await refusal(line, "mail template set reset --subject x --html-file nowhere"),
		/cannot be read/,
	);
});
