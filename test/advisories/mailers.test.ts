// Advisories on whom a mail goes to, each as an attack on this house through the front door, with a real mail server
// behind it: look-alikes of an address, and addresses that a mailer reads as something else.
import assert from "node:assert/strict";
import test from "node:test";
import { domainToASCII } from "node:url";
import { statement } from "../../src/store/engine.ts";
import { openLine } from "../command-line/line.ts";
import { ENGINES, type House, openHouse, RECOVER, SIGN_UP, UPDATE } from "../house.ts";
import { openPostbox, type Postbox } from "../mail/postbox.ts";
import { enter, passFor, SETTINGS } from "../multipass/passes.ts";
import { canSignIn, PASSWORD } from "../recovery/links.ts";
import { isDone, processorTimeOf } from "./attacks.ts";

const SHOP = { shopUrl: "https://shop.example", mailFrom: "Shop <hello@shop.example>" };
const VICTIM = "mike.kiss@stripe.example";
const DELETE_OTHERS = statement("DELETE FROM customers WHERE email <> ? RETURNING id");

/** What looks like the victim's address, or is it under some rule of some language or alphabet. */
const LOOK_ALIKES = [
	"m\u0131ke.kiss@stripe.example",
	"M\u0130KE.K\u0130SS@stripe.example",
	"mi\u0307ke.kiss@stripe.example",
	"mike.kiss@str\u0131pe.example",
	"mike.kiss@str\u0456pe.example",
	"m\u0456ke.kiss@stripe.example",
	"mi\u212ae.kiss@stripe.example",
	"mike.ki\u017f\u017f@stripe.example",
	"mike.ki\u00df@stripe.example",
	"mike.ki\u1e9e@stripe.example",
	"\uff4dike.kiss@stripe.example",
	"MIKE.KISS@STRIPE.EXAMPLE",
	"mike.kiss@stripe\u3002example",
	"mike.kiss@stripe.ex\u00admple",
	"mi\u200bke.kiss@stripe.example",
	"mikekiss@stripe.example",
	"mike.kiss+x@stripe.example",
	"mike.kiss@stripe.example.",
	"mike.kiss@xn--strpe-p4a.example",
	"mike .kiss@stripe.example",
	"mike.kiss@stripe.example\u0000",
	"mike.kiss@stripe.example,eve@evil.example",
];

/** As the network compares it. */
function wire(address: string): string {
	const at = address.lastIndexOf("@");
	return `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1))}`;
}

/** The recipients of what was mailed since, each letter to one. */
async function recipientsOf(
	house: House,
	box: Postbox,
	work: () => Promise<unknown>,
): Promise<readonly string[]> {
	await house.mails();
	const before = box.received.length;
	await work();
	await house.mails();
	return box.received.slice(before).map(({ recipients: [recipient = "", ...more] }) => {
		assert.deepEqual(more, []);
		return wire(recipient);
	});
}

for (const engine of ENGINES) {
	test(`Django CVE-2019-19844, GitHub 2016: a look-alike is mailed nothing that is another's (${engine})`, async () => {
		await using box = await openPostbox();
		await using house = await openHouse(engine, { ...SHOP, smtpUrl: box.url, limitSignIns: "off" });
		await house.signedIn(VICTIM, PASSWORD);
		let [same, others] = [0, 0];
		for (const typed of LOOK_ALIKES) {
			const recovered = await recipientsOf(house, box, () => house.ask(RECOVER, { email: typed }));
			assert.ok(
				recovered.every((recipient) => recipient === VICTIM),
				`${typed}: ${recovered}`,
			);
			// One rule for all: whoever is mailed by a name is who signs in by it, and whose name is taken.
			const isSame = recovered.length === 1;
			assert.equal(await canSignIn(house, PASSWORD, typed), isSame, typed);
			const input = { email: typed, password: "evil battery staple" };
			const { data } = await house.ask(SIGN_UP, { input });
			const { customer, customerUserErrors } = data.customerCreate;
			const codes = customerUserErrors.map(({ code }: { code: string }) => code);
			if (isSame) same++;
			if (customer === null) {
				const refusals = isSame ? /^(?:TAKEN|INVALID|BAD_DOMAIN)$/ : /^(?:INVALID|BAD_DOMAIN)$/;
				for (const code of codes) assert.match(code, refusals, typed);
			} else {
				assert.equal(isSame, false, typed);
				others++;
				// An account of its own, which is mailed what is its own, and nothing of the victim's.
				const own = await recipientsOf(house, box, () => house.ask(RECOVER, { email: typed }));
				assert.deepEqual(own, [wire(customer.email)], typed);
				const [mail] = await house.mails();
				assert.ok(mail?.links[0]?.includes(`/${customer.id.split("/").at(-1)}/`), typed);
				await house.app.store.change(DELETE_OTHERS, [VICTIM]);
			}
		}
		assert.ok(same >= 5 && others >= 5, `${same} were the victim's, ${others} were not`);
		assert.deepEqual(await recipientsOf(house, box, () => house.ask(RECOVER, { email: VICTIM })), [VICTIM]);
	});
}

const EVIL = "eve@evil.example";

/** Addresses that a parser of mails reads as more, or as another. */
const TRICKS = [
	`"${EVIL} x"@shop.example`,
	`"${EVIL}"@shop.example`,
	`"a\\"${EVIL}"@shop.example`,
	`ada@shop.example,${EVIL}`,
	`ada@shop.example;${EVIL}`,
	`ada@shop.example ${EVIL}`,
	`ada@shop.example(${EVIL})`,
	`(${EVIL})ada@shop.example`,
	`ada(a(b)c)@shop.example`,
	`Ada <${EVIL}>`,
	`<${EVIL}>ada@shop.example`,
	`ada@shop.example<${EVIL}>`,
	`friends:${EVIL};`,
	`a:b:c:ada@shop.example;;;`,
	`@evil.example:ada@shop.example`,
	`${EVIL}@shop.example`,
	`ada@shop.example@evil.example`,
	`ada%evil.example@shop.example`,
	`evil.example!ada@shop.example`,
	`ada@[127.0.0.1]`,
	`ada@shop.example\r\nBcc: ${EVIL}`,
	`ada@shop.example\nRCPT TO:<${EVIL}>`,
	`ada@shop.example> SIZE=1 RCPT TO:<${EVIL}`,
	`ada\u0000@shop.example`,
	`ada@shop.example\u0000${EVIL}`,
	`=?utf-8?q?${EVIL}=2C?=@shop.example`,
	`=?utf-8?b?ZXZlQGV2aWwuZXhhbXBsZSw=?=@shop.example`,
	`+AAo-@shop.example`,
	`\uff1c${EVIL}\uff1e@shop.example`,
	`ada@shop\uff0cevil.example`,
	`ada@evil.example\uff0fshop.example`,
];

/** Of the processor, for three requests: what grows with the square of the length takes many times as long. */
const MOST_MS = 400;

/** 60 kB of what makes a parser go back, or down, or around. */
const LONG = [
	(size: number) => "a:".repeat(size / 2),
	(size: number) => "(".repeat(size),
	(size: number) => `${"(a".repeat(size / 4)}${")".repeat(size / 4)}@shop.example`,
	(size: number) => `"${"\\".repeat(size)}"@shop.example`,
	(size: number) => "<".repeat(size),
	(size: number) => "@".repeat(size),
	(size: number) => "a,".repeat(size / 2),
	(size: number) => `a@${"b.".repeat(size / 2)}c`,
	(size: number) => `${"a.".repeat(size / 2)}a@shop.example`,
	(size: number) => `${" ".repeat(size)}@shop.example`,
	(size: number) => `a@${"\u00fc".repeat(size / 2)}.example`,
	(size: number) => `a@${"xn--".repeat(size / 4)}.example`,
];

test("Nodemailer CVE-2025-14874, CVE-2025-13033, CVE-2026-92598, CVE-2026-100699, CVE-2026-125755: an address is one recipient, or is refused at once", async () => {
	await using box = await openPostbox();
	await using line = await openLine({ ...SHOP, ...SETTINGS, smtpUrl: box.url });
	const { house } = line;
	const t = await house.signedIn("ada@example.com", PASSWORD);
	const update = async (email: string) => house.ask(UPDATE, { t, customer: { email } });
	let written = 0;
	for (const email of TRICKS) {
		for (const [way, send] of Object.entries({
			"sign up": () =>
				house.ask(SIGN_UP, { input: { email, password: PASSWORD, lastName: `x\r\nBcc: ${EVIL}` } }),
			update: () => update(email),
			recover: () => house.ask(RECOVER, { email }),
			Multipass: () => enter(house, passFor(house, { email })),
			"command line": async () => {
				const quoted = email.replaceAll('"', "'");
				const { code } = await line.run(`customer create --invite --email "${quoted}"`);
				return { data: { create: code === 0 ? { id: "made" } : null } };
			},
		})) {
			let isTaken = false;
			const recipients = await recipientsOf(house, box, async () => {
				isTaken = isDone(await send());
			});
			if (recipients.length > 0) written++;
			// To the address itself; or, where the customer's is changed, to the one that it was.
			for (const recipient of recipients) {
				const own = [wire(email.replace(/\s/g, "")), "ada@example.com"];
				assert.ok(
					own.includes(recipient) && !recipient.endsWith("@evil.example"),
					`${way} ${email}: ${recipient}`,
				);
			}
			if (way === "update" && isTaken) await update("ada@example.com");
		}
	}
	for (const { raw, sender } of box.received) {
		const [head = ""] = raw.split("\r\n\r\n", 1);
		assert.equal(sender, "hello@shop.example");
		assert.doesNotMatch(head, /^(?:b?cc|resent-\w+):/im);
		assert.equal(head.match(/^To:/gim)?.length, 1);
	}
	assert.ok(written >= 1, "some of the tricks are addresses, and were written to");

	const sentBefore = box.received.length;
	for (const make of LONG) {
		const email = make(60_000);
		const took = await processorTimeOf(async () => {
			for (const answer of [
				await house.ask(SIGN_UP, { input: { email, password: PASSWORD } }),
				await house.ask(RECOVER, { email }),
				await update(email),
			]) {
				assert.equal(isDone(answer), false, email.slice(0, 20));
			}
		});
		assert.ok(took < MOST_MS, `${email.slice(0, 20)}: ${took} ms`);
	}
	await house.mails();
	assert.equal(box.received.length, sentBefore);
	// Nor does what the operator sets reach a header as it is.
	for (const mailFrom of [
		`Shop <hello@shop.example>, ${EVIL}`,
		`Shop\r\nBcc: ${EVIL} <hello@shop.example>`,
		"a:b:c;",
	]) {
		await assert.rejects(openHouse(ENGINES[0], { ...SHOP, mailFrom }), /LATCHKEY_MAIL_FROM/);
	}
});
